import type { People } from './redrive-settings.ts';

/** A person as a request of Slack tells, before anybody is asked about them. */
export type ActingPerson = {
  id: string;
  /** Of the bot's own workspace or Enterprise Grid organization, of another one, or it cannot be told. */
  home: 'own' | 'other' | 'unknown';
  kind: 'person' | 'bot' | 'workflow';
};

/** The members of a user group at this moment; `unknown`: Slack could not tell. */
export type Membership = ReadonlyMap<string, readonly string[] | 'unknown'>;

export type MayNot =
  | { because: 'bot' | 'workflow' | 'external-person' | 'home-unknown' }
  /** Slack could not tell who is in a group, and so it is no. */
  | { because: 'groups-unknown' }
  | { because: 'not-listed'; people: People };

/** Only people of the own organization act, whatever `access.externalPeople` says. */
export function whyNoActor({ home, kind }: ActingPerson): MayNot | undefined {
  if (kind !== 'person') return { because: kind };
  if (home === 'unknown') return { because: 'home-unknown' };
  return home === 'other' ? { because: 'external-person' } : undefined;
}

/** Nothing when the person may. Nobody is allowed by an empty list. */
export function whyMayNot(person: ActingPerson, people: People, members: Membership): MayNot | undefined {
  const why = whyNoActor(person);
  if (why) return why;
  if (people.users.includes(person.id)) return undefined;
  const groups = people.userGroups.map((group) => members.get(group) ?? 'unknown');
  if (groups.some((group) => group !== 'unknown' && group.includes(person.id))) return undefined;
  return groups.includes('unknown') ? { because: 'groups-unknown' } : { because: 'not-listed', people };
}
