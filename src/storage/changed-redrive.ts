import { joinedRedrives, PastRedrive } from '../domain/history/past-redrive.ts';
import { rewritten } from './rewritten.ts';

/** What to store in place of `raw`: the same object if nothing is new. What this version does not know stays. */
export function changedRedrive(raw: unknown, redrive: PastRedrive): unknown {
  const before = PastRedrive.safeParse(raw);
  return before.success ? rewritten(raw, before.data, joinedRedrives(before.data, redrive)) : redrive;
}
