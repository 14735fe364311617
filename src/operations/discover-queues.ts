import pLimit from 'p-limit';
import type { Outcome } from '../domain/aws-error.ts';
import { type Place, type Survey, surveyOf } from '../domain/discovery/survey.ts';

/** Port: what SQS says about all queues of a place. No call throws for anything AWS does. */
export type QueueDirectory = {
  /** Up to 1,000 names. One ListQueues call. */
  page(place: Place, next: string | undefined, signal?: AbortSignal): Promise<Outcome<Page>>;
  /** ARN of its dead-letter queue, if it has one. One GetQueueAttributes call. */
  deadLetterTarget(place: Place, name: string, signal?: AbortSignal): Promise<Outcome<string | undefined>>;
};
type Page = { names: readonly string[]; next?: string };

/** Calls under way at once for a place; the directory sets the pace. */
const atOnce = 10;
/** The SDK has tried more than once by then, each time later. */
const triesWhenThrottled = 8;

export type DiscoverOptions = {
  /** Given up when aborted; what is known by then is answered. */
  signal?: AbortSignal;
  /** Told once the names are known, before the queues are asked about. */
  onListed?: (place: Place, count: number) => void;
};

/** The dead-letter queues of a place: those that a queue there names in its redrive policy. */
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
      return target === undefined || isGone(target) ? [] : [[name, target] as const];
    }),
  );
  return surveyOf(place, new Map(targets.flat()), listing);
}

/** As the role of the place; where that is refused and the credentials at hand are of the same account, with those. */
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

/** Deleted since it was listed. */
function isGone(target: Outcome<unknown>): boolean {
  return !target.ok && target.awsError.kind === 'queue-missing';
}

async function patiently<T>(ask: () => Promise<Outcome<T>>, signal?: AbortSignal): Promise<Outcome<T>> {
  let answer = await ask();
  for (let tries = 1; tries < triesWhenThrottled && isThrottled(answer); tries += 1) {
    if (signal?.aborted) break;
    answer = await ask();
  }
  return answer;
}

function isThrottled(answer: Outcome<unknown>): boolean {
  return !answer.ok && answer.awsError.kind === 'throttled';
}
