import { distance } from 'fastest-levenshtein';
import type { Queue } from './queue.ts';
import { loosened, namesOf } from './queue-reference.ts';

/** Shorter words are in too many names. */
const shortestPart = 3;

/** The queues whose alias or name is most like what was typed, best first, at most `atMost`; none when nothing is near. */
export function nearestQueues(typed: string, queues: readonly Queue[], atMost: number): Queue[] {
  const wanted = loosened(typed.slice(0, 100));
  return queues
    .map((queue) => ({
      queue,
      away: Math.min(...namesOf(queue).map((name) => howFar(wanted, loosened(name)))),
    }))
    .filter(({ away }) => away <= Math.max(2, wanted.length * 0.4))
    .sort((a, b) => a.away - b.away || a.queue.alias.localeCompare(b.queue.alias))
    .slice(0, atMost)
    .map(({ queue }) => queue);
}

/**
 * Letters to change; a part of a name counts as one letter away, because people type `orders` for `orders-dlq`, and a
 * mistyped beginning of one as one more than its letters.
 */
function howFar(wanted: string, name: string): number {
  if (name === wanted) return 0;
  if (wanted.length < shortestPart) return distance(wanted, name);
  if (name.includes(wanted)) return 1;
  return Math.min(distance(wanted, name), 1 + distanceToBeginning(wanted, name));
}

/** To the words that a name begins with, such as `orders` of `orders-dlq`. */
function distanceToBeginning(wanted: string, name: string): number {
  const ends = [...name.matchAll(/[-_.]/g)].map(({ index }) => index).filter((end) => end >= shortestPart);
  return Math.min(...ends.map((end) => distance(wanted, name.slice(0, end))));
}
