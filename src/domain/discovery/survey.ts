import type { AwsError, Outcome } from '../aws-error.ts';
import type { Account } from '../queue.ts';
import type { Role } from '../settings.ts';

/** One region of one account to search for queues. Without a role the bot's own credentials are used. */
export type Place = { account: Account; partition: string; region: string; role?: Role };

/** A queue that others use as their dead-letter queue. `sources`: their names. */
export type FoundDlq = { place: Place; arn: string; name: string; sources: readonly string[] };

export type Survey = {
  place: Place;
  names: readonly string[];
  /** Whether the list is complete. */
  isListed: boolean;
  dlqs: readonly FoundDlq[];
  /** Names of queues whose dead-letter queue does not exist. */
  dangling: readonly { source: string; target: string }[];
  /** Why something is not known; absent if everything is. */
  awsError?: AwsError;
  unasked: number;
  /** The role that was tried first, if the current credentials were used instead. */
  insteadOf?: Role;
};

/** Each queue of a place, with the ARN of its dead-letter queue if it has one. */
export type Targets = ReadonlyMap<string, Outcome<string | undefined>>;

export function surveyOf(place: Place, targets: Targets, listing: Outcome<unknown>): Survey {
  const names = [...targets.keys()];
  const sources = Map.groupBy(
    [...targets].flatMap(([source, target]) =>
      target.ok && target.value !== undefined ? [{ source, target: target.value }] : [],
    ),
    ({ target }) => target,
  );
  const refused = [...targets.values()].flatMap((target) => (target.ok ? [] : [target.awsError]));
  const awsError = listing.ok ? refused[0] : listing.awsError;
  const arnOf = (name: string) => `arn:${place.partition}:sqs:${place.region}:${place.account.id}:${name}`;
  const known = new Set(names.map(arnOf));
  return {
    place,
    names,
    isListed: listing.ok,
    dlqs: names.toSorted().flatMap((name) => {
      const own = sources
        .get(arnOf(name))
        ?.map(({ source }) => source)
        .toSorted();
      return own ? [{ place, name, arn: arnOf(name), sources: own }] : [];
    }),
    // That isn't known if a page is missing.
    dangling: listing.ok ? [...sources.values()].flat().filter(({ target }) => !known.has(target)) : [],
    unasked: refused.length,
    ...(awsError && { awsError }),
  };
}
