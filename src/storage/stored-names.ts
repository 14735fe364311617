/**
 * Rows are always written under these names, because versions before and after this one read them. `within`: names that
 * apply only to fields of that field.
 */
const storedNames = {
  awsError: 'problem',
  cannotPoll: 'blind',
  cannotPollSaid: 'blindnessesTold',
  cardUpdate: 'edit',
  deliveredVersion: 'told',
  fallback: 'form',
  failedPolls: 'failedLooks',
  highestDepthSaid: 'highestDepthTold',
  maybeDelivered: 'maybeTold',
  moreThanSaid: 'moreThanTold',
  nextPollAt: 'nextLookAt',
  notification: 'notice',
  notifications: 'notices',
  polls: 'looks',
  pollsWithoutTask: 'unseenLooks',
  stored: 'kept',
};
const within = { cannotPoll: { said: 'told' }, state: { cannotPoll: 'cannotSee' } };

type Names = { stored: ReadonlyMap<string, string>; own: ReadonlyMap<string, string> };

function namesOf(given: Readonly<Record<string, string>>): Names {
  const pairs = Object.entries(given);
  return { stored: new Map(pairs), own: new Map(pairs.map(([own, stored]) => [stored, own])) };
}

const generalNames = namesOf(storedNames);
const namesWithin = new Map(
  Object.entries(within).map(([field, names]) => [field, namesOf({ ...storedNames, ...names })]),
);
const namesIn = (field: string) => namesWithin.get(field) ?? generalNames;

/** A field of a newer version may have a name that only the code uses: it is marked while it is in memory. */
const mark = 'newer:';

/** What a row holds, under the names of the code. Throws where it is not JSON. */
export function parseStored(text: string): unknown {
  return withOwnNames(JSON.parse(text), '');
}

/** The inverse: `storedText(parseStored(text))` is `text`. */
export function storedText(value: unknown): string {
  return JSON.stringify(withStoredNames(value, ''));
}

/** `field`: the code's name of the field that holds the value, or the list that holds it. */
function withOwnNames(value: unknown, field: string): unknown {
  if (Array.isArray(value)) return value.map((member) => withOwnNames(member, field));
  if (typeof value !== 'object' || value === null) return value;
  const { own, stored } = namesIn(field);
  const named = Object.entries(value).map(([name, member]) => {
    const isMarked = stored.has(name) || name.startsWith(mark);
    const key = own.get(name) ?? (isMarked ? `${mark}${name}` : name);
    return [key, withOwnNames(member, key)];
  });
  return Object.fromEntries(named);
}

function withStoredNames(value: unknown, field: string): unknown {
  if (Array.isArray(value)) return value.map((member) => withStoredNames(member, field));
  if (typeof value !== 'object' || value === null) return value;
  const { stored } = namesIn(field);
  const named = Object.entries(value).map(([name, member]) => [
    name.startsWith(mark) ? name.slice(mark.length) : (stored.get(name) ?? name),
    withStoredNames(member, name),
  ]);
  return Object.fromEntries(named);
}
