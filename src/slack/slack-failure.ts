import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';

/** Why Slack did not do what it was asked. */
export type SlackFailure =
  /** Slack's own word, for example `not_in_channel`. Nothing was done. */
  | { kind: 'refused'; code: string; missingScope?: string }
  /** Nothing was done. */
  | { kind: 'rate-limited'; retryAfterSeconds: number }
  /** A time-out, a broken line or a server error: it may or may not have been done. */
  | { kind: 'in-doubt'; code: string };

type Caused = { code?: unknown; message?: unknown };
/** A cause without a code tells itself in words. */
const longestCode = 80;

export function slackFailureFrom(error: unknown): SlackFailure {
  if (error instanceof WebAPIPlatformError) {
    const { needed } = error.data as { needed?: unknown };
    return {
      kind: 'refused',
      code: error.data.error,
      ...(typeof needed === 'string' && { missingScope: needed }),
    };
  }
  if (error instanceof WebAPIRateLimitedError) {
    return { kind: 'rate-limited', retryAfterSeconds: error.retryAfter };
  }
  if (error instanceof WebAPIHTTPError) return { kind: 'in-doubt', code: `HTTP ${error.statusCode}` };
  return { kind: 'in-doubt', code: networkCode(error) };
}

export function networkCode(error: unknown): string {
  const failure = error instanceof WebAPIRequestError ? error.original : error;
  const { cause, code, name } = (failure ?? {}) as { cause?: Caused; code?: unknown; name?: unknown };
  const proxyStatus = proxyStatusIn(failure);
  if (proxyStatus) return `HTTP ${proxyStatus} of the proxy`;
  // A DOMException, as a time-out is one, has a number that says nothing and a name that does.
  const said = [cause?.code, code, cause?.message, name].find((one) => typeof one === 'string');
  return String(said ?? 'unknown').slice(0, longestCode);
}

/** undici has it in words only, and `fetch` wraps them more than once. */
function proxyStatusIn(failure: unknown): string | undefined {
  const { message, cause } = (failure ?? {}) as Caused & { cause?: unknown };
  const status = /^Proxy response \((\d+)\)/.exec(String(message ?? ''))?.[1];
  return status ?? (cause === undefined ? undefined : proxyStatusIn(cause));
}
