import { joinedRedrives, PastRedrive } from '../domain/history/past-redrive.ts';
import type { Log } from '../operations/log.ts';
import { rewritten } from './rewritten.ts';

/** What to store in place of `raw`: the same object if nothing is new. What this version does not know stays. */
export function changedRedrive(raw: unknown, redrive: PastRedrive): unknown {
  const before = PastRedrive.safeParse(raw);
  return before.success ? rewritten(raw, before.data, joinedRedrives(before.data, redrive)) : redrive;
}

/** Empty for a row that this version can't read, which is left as is. */
export function redriveIn(state: unknown, queueArn: string, log?: Log): PastRedrive[] {
  const found = PastRedrive.safeParse(JSON.parse(String(state)));
  if (!found.success)
    log?.error({ queue: queueArn, err: found.error }, 'stored redrive is unreadable; skipped');
  return found.success ? [found.data] : [];
}
