import type { Fallback } from '../../domain/delivery.ts';
import type { DeliveryResult } from '../../operations/watching/notifier.ts';
import { classOf } from '../error-codes.ts';
import type { SlackFailure } from '../slack-failure.ts';

/** What a failure means for a delivery when no fallback will help. */
export function retryLaterBecause(failure: SlackFailure): Extract<DeliveryResult, { kind: 'retry-later' }> {
  switch (failure.kind) {
    case 'rate-limited': {
      const { retryAfterSeconds } = failure;
      const after = retryAfterSeconds === undefined ? {} : { afterMs: retryAfterSeconds * 1000 };
      const why = 'rate limited';
      return { kind: 'retry-later', because: 'rate-limited', ...after, maybeDelivered: false, why };
    }
    case 'in-doubt':
      return { kind: 'retry-later', because: 'trouble', maybeDelivered: true, why: failure.code };
    case 'refused': {
      const because = classOf(failure.code) === 'channel-closed' ? 'channel-closed' : 'refused';
      return { kind: 'retry-later', because, maybeDelivered: false, why: failure.code };
    }
  }
}

/**
 * The same for a message that was posted in this variant. `text`: its exact words. `inThread`: it was meant
 * for a thread.
 */
export function resultOfPost(
  failure: SlackFailure,
  { fallback, text, inThread }: { fallback: Fallback; text: string; inThread: boolean },
): DeliveryResult {
  const other =
    failure.kind === 'refused' ? fallbackAfter(failure.code, fallback, text, inThread) : undefined;
  return other && failure.kind === 'refused'
    ? { kind: 'fallback', fallback: other, why: failure.code }
    : retryLaterBecause(failure);
}

function fallbackAfter(
  code: string,
  fallback: Fallback,
  text: string,
  inThread: boolean,
): Fallback | undefined {
  switch (classOf(code)) {
    case 'content':
      return fallback.plain ? undefined : { ...fallback, plain: true };
    case 'metadata':
      return fallback.bare === undefined ? { ...fallback, bare: text } : undefined;
    case 'thread':
      return inThread && !fallback.inChannel ? { ...fallback, inChannel: true } : undefined;
    default:
      return undefined;
  }
}

/** The same for an edit. The buttons are given up only if the card is never edited again. */
export function resultOfEdit(
  failure: SlackFailure,
  { fallback, isFinal }: { fallback: Fallback; isFinal: boolean },
): DeliveryResult {
  if (failure.kind !== 'refused') return retryLaterBecause(failure);
  const { code } = failure;
  const kind = classOf(code);
  if (kind === 'message-gone') return { kind: 'rejected', because: 'message-gone', why: code };
  if (kind === 'content' && isFinal && !fallback.plain)
    return { kind: 'fallback', fallback: { ...fallback, plain: true }, why: code };
  return retryLaterBecause(failure);
}
