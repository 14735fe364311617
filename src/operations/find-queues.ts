import { nearestQueues } from '../domain/nearest-queues.ts';
import { mayBeSeenIn, type Queue } from '../domain/queue.ts';
import { namesOf, normalizedName, parseQueueReference, queuesNamed } from '../domain/queue-reference.ts';

export type QueueSearch = {
  channelId: string;
  /** What the person has typed into the search so far; may be empty. */
  query: string;
  /** Only queues that this text refers to, to choose among several of the same name. */
  among?: string;
};

/**
 * Queues of this channel whose alias, name, account or region contains every word of the query, an exact match first;
 * or else the nearest ones.
 */
export function findQueues(
  { channelId, query, among }: QueueSearch,
  queues: readonly Queue[],
  atMost: number,
): Queue[] {
  const offered = named(among, queues).filter((queue) => mayBeSeenIn(queue, channelId));
  const words = normalizedName(query.slice(0, 200)).split(/\s+/u);
  const found = offered.filter((queue) => words.every((word) => wordsOf(queue).includes(word)));
  const whole = normalizedName(query.trim());
  const rank = (queue: Queue) => (namesOf(queue).some((name) => normalizedName(name) === whole) ? 0 : 1);
  const sorted = found.toSorted(
    (a, b) => rank(a) - rank(b) || a.alias.localeCompare(b.alias) || a.arn.localeCompare(b.arn),
  );
  return found.length > 0 ? sorted.slice(0, atMost) : nearestQueues(query.trim(), offered, atMost);
}

function named(among: string | undefined, queues: readonly Queue[]): readonly Queue[] {
  if (among === undefined) return queues;
  const reference = parseQueueReference(among);
  return reference ? queuesNamed(reference, queues) : [];
}

function wordsOf(queue: Queue): string {
  const { account, region } = queue;
  return normalizedName([...namesOf(queue), account.label, account.id, region].join(' '));
}
