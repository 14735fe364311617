import { isDeepStrictEqual } from 'node:util';

/**
 * What to store in place of `stored`, of which this version has understood `before` and made `after`. Whatever it did
 * not understand stays as it was: fields it does not know, values it read as something else, members of a list that it
 * left out. So a newer version finds its own again.
 */
export function rewritten(stored: unknown, before: unknown, after: unknown): unknown {
  if (before === after || isDeepStrictEqual(before, after)) return stored;
  if (Array.isArray(stored) && Array.isArray(after))
    return rewrittenList(stored, Array.isArray(before) ? before : [], after);
  return isRecord(stored) && isRecord(after) && !areDifferent(stored, after)
    ? rewrittenRecord(stored, isRecord(before) ? before : {}, after)
    : after;
}

type Fields = Record<string, unknown>;

function rewrittenRecord(stored: Fields, before: Fields, after: Fields): Fields {
  const strange = Object.keys(stored).filter((name) => before[name] === undefined);
  const set = Object.keys(after).filter((name) => after[name] !== undefined);
  const nextOf = (name: string) =>
    Object.hasOwn(after, name) && after[name] !== undefined
      ? rewritten(stored[name], before[name], after[name])
      : stored[name];
  return Object.fromEntries([...new Set([...strange, ...set])].map((name) => [name, nextOf(name)]));
}

/** Members that name what they stand for are found again by that name; others are plain values, all understood. */
function rewrittenList(stored: unknown[], before: unknown[], after: unknown[]): unknown[] {
  const [inStored, inBefore] = [takenOnce(stored), takenOnce(before)];
  const next = after.map((member) => {
    const [was] = inStored.take(member);
    const [read] = inBefore.take(member);
    return was === undefined ? member : rewritten(was, read, member);
  });
  for (const [at, member] of stored.entries()) {
    const isStrange =
      isRecord(member) && !inStored.isTaken(at) && !before.some((one) => areSame(one, member));
    if (isStrange) next.splice(at, 0, member);
  }
  return next;
}

/** Two members may have the same name: each is found once, in their order. */
function takenOnce(members: unknown[]) {
  const taken = new Set<number>();
  return {
    isTaken: (at: number) => taken.has(at),
    take(wanted: unknown): unknown[] {
      const at = members.findIndex((one, index) => !taken.has(index) && areSame(one, wanted));
      if (at >= 0) taken.add(at);
      return at < 0 ? [] : [members[at]];
    },
  };
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a record stands for: a watch, a notice, a task or a moment, by the first name that both have. */
function areSame(one: unknown, other: unknown): boolean {
  if (!isRecord(one) || !isRecord(other)) return false;
  const name = ['id', 'key', 'startedAt', 'at'].find(
    (it) => one[it] !== undefined && other[it] !== undefined,
  );
  return name !== undefined && one[name] === other[name];
}

/** A record of something else takes nothing over. */
function areDifferent(one: Fields, other: Fields): boolean {
  return ['id', 'key', 'startedAt'].some(
    (it) => one[it] !== undefined && other[it] !== undefined && one[it] !== other[it],
  );
}
