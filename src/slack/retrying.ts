import { isCode } from './error-codes.ts';
import { noAnswerOfSlacks, type SlackFailure } from './slack-failure.ts';

export const tokenCodes = [
  'invalid_auth',
  'not_authed',
  'token_revoked',
  'token_expired',
  'account_inactive',
];

/** Refusals that waiting can't fix: someone must change the token, the app or its workspace. */
const lastingCodes = [
  ...tokenCodes,
  'missing_scope',
  'not_allowed_token_type',
  'user_removed_from_team',
  'team_disabled',
  'unknown_method',
  'deprecated_endpoint',
  'method_deprecated',
];

export function isLasting(failure: SlackFailure): boolean {
  return failure.kind === 'refused' && lastingCodes.includes(failure.code);
}

/** The reason in a few words; never empty, and never a whole page that was returned instead of an answer. */
export function reasonOf(failure: SlackFailure): string {
  if (failure.kind === 'rate-limited') return 'rate limited';
  if (failure.kind === 'refused' && !isCode(failure.code)) return noAnswerOfSlacks;
  return failure.code || 'unknown';
}

const firstWaitMs = 1_000;
const longestWaitMs = 30_000;

/** Node's timers accept at most 24 days, and fire at once if it is longer. */
const longestRetryAfterMs = 60 * 60_000;

/** How long to wait after this many failures in a row. Slack's Retry-After takes precedence. */
export function backoffMs(failures: number, failure?: SlackFailure, atMostMs = longestWaitMs): number {
  if (failure?.kind === 'rate-limited' && failure.retryAfterSeconds !== undefined) {
    return Math.min(longestRetryAfterMs, Math.max(firstWaitMs, failure.retryAfterSeconds * 1_000));
  }
  return Math.min(atMostMs, firstWaitMs * 2 ** Math.min(failures - 1, 10));
}

const otherReasonEveryMs = 60_000;
const sameReasonEveryMs = 10 * 60_000;

/** Whether a continuing failure gets a log line: the first time, when its reason changes, and occasionally. */
export function createLogThrottle(clock: () => number) {
  let last: { why: string; at: number } | undefined;
  return {
    isDue(why: string): boolean {
      const now = clock();
      const quietMs = last?.why === why ? sameReasonEveryMs : otherReasonEveryMs;
      if (last && now - last.at < quietMs) return false;
      last = { why, at: now };
      return true;
    },
    over: () => {
      last = undefined;
    },
  };
}
