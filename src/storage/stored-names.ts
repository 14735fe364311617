/**
 * Rows are always written under these names, because versions before and after this one read them. A name
 * with a dot applies only within the field before the dot.
 */
const storedNames = new Map(
  Object.entries({
    awsError: 'problem',
    cannotPoll: 'blind',
    'cannotPoll.said': 'told',
    'state.cannotPoll': 'cannotSee',
    cannotPollSaid: 'blindnessesTold',
    cardUpdate: 'edit',
    delivered: 'told',
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
  }),
);

const ownNames = new Map([...storedNames].map(([own, stored]) => inverse(own, stored)));

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

/** `within`: the code's name of the field that holds the value, or the list that holds it. */
function withOwnNames(value: unknown, within: string): unknown {
  if (Array.isArray(value)) return value.map((member) => withOwnNames(member, within));
  if (typeof value !== 'object' || value === null) return value;
  const named = Object.entries(value).map(([name, member]) => {
    const own = ownNames.get(`${within}.${name}`) ?? ownNames.get(name) ?? name;
    const key = storedNameOf(own, within) === name ? own : `${mark}${name}`;
    return [key, withOwnNames(member, key)];
  });
  return Object.fromEntries(named);
}

function withStoredNames(value: unknown, within: string): unknown {
  if (Array.isArray(value)) return value.map((member) => withStoredNames(member, within));
  if (typeof value !== 'object' || value === null) return value;
  const named = Object.entries(value).map(([name, member]) => [
    storedNameOf(name, within),
    withStoredNames(member, name),
  ]);
  return Object.fromEntries(named);
}

function storedNameOf(name: string, within: string): string {
  if (name.startsWith(mark)) return name.slice(mark.length);
  return storedNames.get(`${within}.${name}`) ?? storedNames.get(name) ?? name;
}

function inverse(own: string, stored: string): [string, string] {
  const [field, name] = own.split('.');
  return name === undefined ? [stored, own] : [`${field}.${stored}`, name];
}
