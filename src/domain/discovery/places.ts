import { type Account, isRegionOf, type Queue } from '../queue.ts';
import type { Role } from '../settings.ts';
import type { Place } from './survey.ts';

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
