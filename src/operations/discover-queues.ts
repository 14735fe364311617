import pLimit from 'p-limit';
import type { Outcome } from '../domain/aws-error.ts';
import { type Place, type Survey, surveyOf } from '../domain/discovery.ts';

/** Port: what SQS says about all queues of a place. No call throws because of AWS. */
export type QueueDirectory = {
  /** Up to 1,000 names. One ListQueues call. */
  page(place: Place, next: string | undefined, signal?: AbortSignal): Promise<Outcome<Page>>;
  /** ARN of its dead-letter queue, if it has one. One GetQueueAttributes call. */
  deadLetterTarget(place: Place, name: string, signal?: AbortSignal): Promise<Outcome<string | undefined>>;
};
type Page = { names: readonly string[]; next?: string };

/** Concurrent calls per place; the directory limits their rate. */
const atOnce = 10;
/** On top of the SDK's own retries. */
const triesWhenThrottled = 8;

export type DiscoverOptions = {
  /** Aborting it returns what is known by then. */
  signal?: AbortSignal;
  /** Called once the names are known, before the queues are checked. */
  onListed?: (place: Place, count: number) => void;
};

/** The dead-letter queues of a place: those in the redrive policy of a queue there. */
export async function discoverQueues(
  place: Place,
  directory: QueueDirectory,
  { signal, onListed }: DiscoverOptions = {},
): Promise<Survey> {
  const names = new Set<string>();
  let listing: Outcome<Page>;
  let next: string | undefined;
  do {
    listing = await patiently(() => directory.page(place, next, signal), signal);
    if (!listing.ok) break;
    for (const name of listing.value.names) names.add(name);
    next = listing.value.next;
  } while (next !== undefined && !signal?.aborted);
  onListed?.(place, names.size);
  const limit = pLimit(atOnce);
  const targets = await Promise.all(
    [...names].map(async (name) => {
      const ask = () => directory.deadLetterTarget(place, name, signal);
      const target = await limit(async () => (signal?.aborted ? undefined : patiently(ask, signal)));
      // It was deleted after it was listed.
      const isGone = target?.ok === false && target.awsError.kind === 'queue-missing';
      return target === undefined || isGone ? [] : [[name, target] as const];
    }),
  );
  return surveyOf(place, new Map(targets.flat()), listing);
}

/** Uses the role of the place or, if that is denied and the current credentials belong to the same account, those. */
export async function discoverAsRoleOrOneself(
  place: Place,
  directory: QueueDirectory,
  { ownAccountId, ...options }: DiscoverOptions & { ownAccountId: string },
): Promise<Survey> {
  const asRole = await discoverQueues(place, directory, options);
  const isRefused = asRole.awsError?.kind === 'role-refused' || asRole.awsError?.kind === 'access-denied';
  if (!isRefused || place.role === undefined || place.account.id !== ownAccountId) return asRole;
  const { role: insteadOf, ...asOneself } = place;
  const again = await discoverQueues(asOneself, directory, options);
  return again.awsError ? asRole : { ...again, insteadOf };
}

async function patiently<T>(ask: () => Promise<Outcome<T>>, signal?: AbortSignal): Promise<Outcome<T>> {
  for (let tries = 1; ; tries += 1) {
    const answer = await ask();
    const isThrottled = !answer.ok && answer.awsError.kind === 'throttled';
    if (!isThrottled || tries >= triesWhenThrottled || signal?.aborted) return answer;
  }
}
