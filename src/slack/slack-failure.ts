import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';
import type { SlackTrouble } from '../domain/doctor/slack-checks.ts';
import { classOf, isCode } from './error-codes.ts';

export type SlackFailure =
  /** Slack's own error code, for example `not_in_channel`. Nothing was done. */
  | { kind: 'refused'; code: string; missingScope?: string }
  /** Nothing was done. Slack does not always say how long to wait. */
  | { kind: 'rate-limited'; retryAfterSeconds?: number }
  /** A timeout, a closed connection or a server error: it may or may not have been done. */
  | { kind: 'in-doubt'; code: string };

type Caused = { code?: unknown; message?: unknown };
/** A cause without a code is described in words. */
const longestCode = 80;
/** For a body that is not Slack's: it may be a whole page, and is never shown. */
export const noAnswerOfSlacks = 'not a Slack response';

export function slackFailureFrom(error: unknown): SlackFailure {
  if (error instanceof WebAPIPlatformError) return failureOf(error.data);
  if (error instanceof WebAPIRateLimitedError) {
    return { kind: 'rate-limited', retryAfterSeconds: error.retryAfter };
  }
  if (error instanceof WebAPIHTTPError) return { kind: 'in-doubt', code: `HTTP ${error.statusCode}` };
  // Slack's client has no other error for it.
  if (error instanceof Error && error.message.startsWith('Retry header did not contain a valid timeout')) {
    return { kind: 'rate-limited' };
  }
  return { kind: 'in-doubt', code: networkCode(error) };
}

/** Safe for a log: without the body if it is not Slack's. */
export function withoutBody(error: unknown): unknown {
  if (!(error instanceof WebAPIPlatformError) || isCode(error.data.error)) return error;
  return new Error(`could not ask Slack: ${noAnswerOfSlacks}`);
}

function failureOf(data: WebAPIPlatformError['data']): SlackFailure {
  const { error: code, needed, response_metadata } = data as typeof data & { needed?: unknown };
  if (!isCode(code)) return { kind: 'in-doubt', code: noAnswerOfSlacks };
  switch (classOf(code)) {
    case 'in-doubt':
      return { kind: 'in-doubt', code };
    case 'rate-limited': {
      const { retryAfter } = (response_metadata ?? {}) as { retryAfter?: unknown };
      return {
        kind: 'rate-limited',
        ...(typeof retryAfter === 'number' && { retryAfterSeconds: retryAfter }),
      };
    }
    default:
      return { kind: 'refused', code, ...(typeof needed === 'string' && { missingScope: needed }) };
  }
}

export function networkCode(error: unknown): string {
  const failure = error instanceof WebAPIRequestError ? error.original : error;
  const { cause, code, name } = (failure ?? {}) as { cause?: Caused; code?: unknown; name?: unknown };
  const proxyStatus = proxyStatusIn(failure);
  if (proxyStatus) return `HTTP ${proxyStatus} of the proxy`;
  // A DOMException, such as a timeout, has a meaningless numeric code and a useful name.
  const said = [attemptsIn(cause) ?? attemptsIn(failure), cause?.code, code, cause?.message, name].find(
    (one) => typeof one === 'string',
  );
  return String(said ?? 'unknown').slice(0, longestCode);
}

/** Each address of the host was tried, and each attempt failed for its own reason. */
function attemptsIn(failure: unknown): string | undefined {
  if (!(failure instanceof AggregateError)) return undefined;
  const attempts = failure.errors.map((error: { code?: unknown; address?: unknown } | undefined) =>
    [error?.code, error?.address].filter((one) => typeof one === 'string').join(' '),
  );
  const result = [...new Set(attempts)].filter((attempt) => attempt !== '');
  return result.length === 0 ? undefined : result.join(', ');
}

/** undici has it only as text, and `fetch` wraps it more than once. */
function proxyStatusIn(failure: unknown): string | undefined {
  const { message, cause } = (failure ?? {}) as Caused & { cause?: unknown };
  const status = /^Proxy response \((\d+)\)/.exec(String(message ?? ''))?.[1];
  return status ?? (cause === undefined ? undefined : proxyStatusIn(cause));
}

export function troubleFrom(error: unknown): SlackTrouble {
  const failure = slackFailureFrom(error);
  return failure.kind === 'in-doubt' ? { kind: 'unreachable', code: failure.code } : failure;
}

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
