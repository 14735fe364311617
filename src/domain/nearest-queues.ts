import { distance } from 'fastest-levenshtein';
import type { Queue } from './queue.ts';
import { loosened, namesOf } from './queue-reference.ts';

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

/** Letters to change; a part of a name counts as one letter away, because people type `orders` for `orders-dlq`. */
function howFar(wanted: string, name: string): number {
  const isPart = wanted.length >= 3 && name.includes(wanted) && name !== wanted;
  return isPart ? 1 : distance(wanted, name);
}
