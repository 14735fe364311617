import type { Queue } from '../queue.ts';
import type { FoundDlq, Survey } from './survey.ts';

export type Comparison = {
  missing: readonly FoundDlq[];
  /** Entries whose queue no longer exists. If the list of queues is incomplete, none counts as gone. */
  gone: readonly Queue[];
  listed: number;
};

export function compare(surveys: readonly Survey[], queues: readonly Queue[]): Comparison {
  const arns = new Set(queues.map(({ arn }) => arn));
  const found = surveys.flatMap(({ dlqs }) => dlqs);
  const missing = found.filter(({ arn }) => !arns.has(arn));
  return {
    missing,
    listed: found.length - missing.length,
    gone: surveys.flatMap((one) => goneIn(one, queues)),
  };
}

function goneIn({ place, names, isListed }: Survey, queues: readonly Queue[]): Queue[] {
  if (!isListed) return [];
  const known = new Set(names);
  return queues.filter(
    ({ accountId, region, name }) =>
      accountId === place.account.id && region === place.region && !known.has(name),
  );
}
