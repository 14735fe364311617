import { joinedRedrives, PastRedrive } from '../domain/history.ts';
import type { Log } from '../operations/log.ts';
import { rewritten } from './rewritten.ts';

/** What to store in place of `text`; undefined if nothing is new. What this version does not know stays. */
export function changedRedrive(text: unknown, redrive: PastRedrive): string | undefined {
  const raw: unknown = typeof text === 'string' ? parsed(text) : undefined;
  const before = PastRedrive.safeParse(raw);
  const next = before.success ? rewritten(raw, before.data, joinedRedrives(before.data, redrive)) : redrive;
  return next === raw ? undefined : JSON.stringify(next);
}

/** Empty for a row that this version can't read, which is left as is. */
export function redriveIn(state: unknown, queueArn: string, log?: Log): PastRedrive[] {
  const found = PastRedrive.safeParse(parsed(String(state)));
  if (!found.success)
    log?.error({ queue: queueArn, err: found.error }, 'stored redrive is unreadable; skipped');
  return found.success ? [found.data] : [];
}

/** Undefined if it is damaged. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
