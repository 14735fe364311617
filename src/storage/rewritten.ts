import { isDeepStrictEqual } from 'node:util';
import { isRecord } from '../domain/unknown-value.ts';

/**
 * What to store in place of `stored`, of which this version has understood `before` and made `after`. Whatever it did
 * not understand stays as it was: fields it does not know, values it read as something else, members of a list that it
 * left out. So a newer version finds its own fields again.
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
  const strange = Object.keys(stored).filter((name) => !has(before, name) && !has(after, name));
  const set = Object.keys(after).filter((name) => has(after, name));
  return Object.fromEntries([
    ...strange.map((name) => [name, stored[name]]),
    ...set.map((name) => [name, rewritten(stored[name], before[name], after[name])]),
  ]);
}

function has(fields: Fields, name: string): boolean {
  return Object.hasOwn(fields, name) && fields[name] !== undefined;
}

/** List members with a key are matched by that key; others are plain values, all understood. */
function rewrittenList(stored: unknown[], before: unknown[], after: unknown[]): unknown[] {
  if (!stored.some(isRecord)) return after;
  const [inStored, inBefore] = [takenOnce(stored), takenOnce(before)];
  const next = after.map((member) => {
    const was = inStored.take(member);
    const read = inBefore.take(member);
    return was === undefined ? member : rewritten(was, read, member);
  });
  const understood = takenOnce(stored);
  for (const member of before) understood.take(member);
  for (const [at, member] of stored.entries()) {
    if (isRecord(member) && !inStored.isTaken(at) && !understood.isTaken(at)) next.splice(at, 0, member);
  }
  return next;
}

const names = ['id', 'key', 'startedAt', 'at'];

/** Two members may have the same key: each is matched once, in order. */
function takenOnce(members: unknown[]) {
  const taken = new Set<number>();
  return {
    isTaken: (at: number) => taken.has(at),
    take(wanted: unknown): unknown {
      const name = isRecord(wanted) && names.find((it) => wanted[it] !== undefined);
      if (!name) return undefined;
      const value = wanted[name];
      const at = members.findIndex((one, index) => isRecord(one) && one[name] === value && !taken.has(index));
      if (at >= 0) taken.add(at);
      return members[at];
    },
  };
}

/** A record with another key is something else and inherits nothing. */
function areDifferent(one: Fields, other: Fields): boolean {
  return ['id', 'key', 'startedAt'].some(
    (it) => one[it] !== undefined && other[it] !== undefined && one[it] !== other[it],
  );
}
