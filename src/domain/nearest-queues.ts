import { distance } from 'fastest-levenshtein';
import type { Queue } from './queue.ts';
import { namesOf, normalizedName } from './queue-reference.ts';

/** Shorter words are part of too many names. */
const shortestPart = 3;

export function nearestQueues(typed: string, queues: readonly Queue[], atMost: number): Queue[] {
  const wanted = normalizedName(typed.slice(0, 100));
  return queues
    .map((queue) => ({
      queue,
      away: Math.min(...namesOf(queue).map((name) => howFar(wanted, normalizedName(name)))),
    }))
    .filter(({ away }) => away <= Math.max(2, wanted.length * 0.4))
    .sort((a, b) => a.away - b.away || a.queue.alias.localeCompare(b.queue.alias))
    .slice(0, atMost)
    .map(({ queue }) => queue);
}

/**
 * The number of letters to change. A part of a name counts as one letter away, because people type `orders` for
 * `orders-dlq`; a mistyped beginning counts as one more than its letters.
 */
function howFar(wanted: string, name: string): number {
  if (name === wanted) return 0;
  if (wanted.length < shortestPart) return distance(wanted, name);
  if (name.includes(wanted)) return 1;
  return Math.min(distance(wanted, name), 1 + distanceToBeginning(wanted, name));
}

/** The distance to the first words of a name, such as `orders` in `orders-dlq`. */
function distanceToBeginning(wanted: string, name: string): number {
  const ends = [...name.matchAll(/[-_.]/g)].map(({ index }) => index).filter((end) => end >= shortestPart);
  return Math.min(...ends.map((end) => distance(wanted, name.slice(0, end))));
}
