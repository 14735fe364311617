import type { AwsError, Outcome } from './aws-error.ts';
import { awsErrorInBrief } from './explain-aws-error.ts';
import { type Account, isRegionOf, type Queue } from './queue.ts';
import type { Role } from './settings.ts';
import { type Explanation, howMany, phrase } from './wording.ts';

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

/** What could not be checked in a place, why, and what to do; undefined if everything was checked. */
export function explainSurvey(survey: Survey): Explanation | undefined {
  const { place, awsError, unasked, isListed } = survey;
  if (!awsError) return undefined;
  const where = phrase`${place.account.label} in ${place.region}`;
  const what = isListed
    ? phrase`Couldn't check ${howMany(unasked, 'queue')} in ${where}`
    : phrase`Couldn't list the queues of ${where}`;
  return { meaning: phrase`${what}: ${why(awsError, place)}.`, remedy: remedyOf(awsError, place) };
}

function why(awsError: AwsError, { role }: Place) {
  const person = role === undefined ? phrase`your own credentials` : phrase`${role.arn}`;
  switch (awsError.kind) {
    case 'role-refused':
      return phrase`${person} can't be assumed`;
    case 'access-denied':
      return phrase`${person} isn't allowed to use ${awsError.action}`;
    case 'credentials-invalid':
      return phrase`AWS rejected the credentials (${awsError.code})`;
    default:
      return awsErrorInBrief(awsError);
  }
}

function remedyOf({ kind }: AwsError, { account, region, role }: Place) {
  const policy = phrase`${`dlq-tasks policy ${account.label}`}`;
  switch (kind) {
    case 'role-refused':
      return phrase`Check that it exists and that its trust policy names your identity. ${'iam/status-role.yml'} creates it; once the account is in the settings, ${policy} prints its policies.`;
    case 'access-denied':
      return role === undefined
        ? phrase`Use credentials that are allowed to list queues and read their attributes.`
        : phrase`${policy} prints an optional statement that allows it.`;
    case 'credentials-invalid':
      return phrase`Check that the region ${region} is enabled in account ${account.id}.`;
    default:
      return phrase`Run this again. If this keeps happening, check the network path to SQS in ${region}.`;
  }
}

export type AccountWithRole = Account & { role: Role };

export type Given = {
  /** From the settings; empty if there are none yet. */
  accounts: readonly AccountWithRole[];
  queues: readonly Queue[];
  /** What was typed: account labels or ids. */
  words: readonly string[];
  regions: readonly string[];
  /** For accounts that are not in the settings. */
  roleName: string;
  /** Whose credentials these are. */
  own: { accountId: string; partition: string };
  /** The region in the bot's own environment. */
  ownRegion: string | undefined;
};

export type PlacesToAsk = { places: Place[]; newAccounts: AccountWithRole[] };

export function placesToAsk(given: Given): PlacesToAsk | { wrong: string } {
  const chosen = accountsMeant(given);
  if ('wrong' in chosen) return chosen;
  const places = chosen.flatMap((account) => placesOf(account, given));
  const stray = given.regions.find((region) => places.every((place) => place.region !== region));
  if (stray !== undefined) {
    return { wrong: `"${stray}" is not a region in the accounts' partition, such as eu-west-1.` };
  }
  const empty = chosen.find(({ id }) => places.every(({ account }) => account.id !== id));
  if (empty) {
    return {
      wrong: `Set a region with --region: neither the settings nor AWS_REGION names one for ${empty.label}.`,
    };
  }
  return { places, newAccounts: chosen.filter(({ id }) => given.accounts.every((known) => known.id !== id)) };
}

function accountsMeant(given: Given): AccountWithRole[] | { wrong: string } {
  const { accounts, words, own } = given;
  if (words.length === 0) return accounts.length > 0 ? [...accounts] : [unlisted(own.accountId, given)];
  const [only = ''] = words;
  if (accounts.length === 0 && words.length === 1 && !isAccountId(only)) {
    return [{ ...unlisted(own.accountId, given), label: only }];
  }
  const unknown = words.find((word) => !isAccountId(word) && accounts.every(({ label }) => label !== word));
  if (unknown !== undefined) {
    const labels = accounts.map(({ label }) => label).join(', ') || 'none';
    return {
      wrong: `There is no account "${unknown}" in the settings, only ${labels}. You can also use an account ID.`,
    };
  }
  const meant = words.map(
    (word) => accounts.find(({ label, id }) => label === word || id === word) ?? unlisted(word, given),
  );
  return meant.filter(({ id }, at) => meant.findIndex((other) => other.id === id) === at);
}

const isAccountId = (word: string) => /^\d{12}$/.test(word);

function unlisted(id: string, { own, roleName }: Given): AccountWithRole {
  return { id, label: `account-${id}`, role: { arn: `arn:${own.partition}:iam::${id}:role/${roleName}` } };
}

/** Without --region: the regions of the listed queues, or else the bot's own. */
function placesOf({ label, id, role }: AccountWithRole, given: Given): Place[] {
  const [, partition = 'aws'] = role.arn.split(':');
  const listed = given.queues.map(({ region }) => region);
  const usual = listed.length > 0 ? listed : given.ownRegion === undefined ? [] : [given.ownRegion];
  const regions = new Set(given.regions.length > 0 ? given.regions : usual);
  // A new account may not have the role yet, but the current credentials may belong to that account.
  const isOwnAndNew = id === given.own.accountId && given.accounts.every((known) => known.id !== id);
  return [...regions]
    .filter((region) => isRegionOf(partition, region))
    .map((region) => ({ account: { label, id }, partition, region, ...(!isOwnAndNew && { role }) }));
}
