import type { Form } from '../../domain/delivery.ts';
import type { DeliveryResult } from '../../operations/watching/notifier.ts';
import { classOf } from '../error-codes.ts';
import type { SlackFailure } from '../slack-failure.ts';

type RetryLater = Extract<DeliveryResult, { kind: 'retry-later' }>;

/** What a failure means for a delivery when no other form of the message will help. */
export function retryLaterBecause(failure: SlackFailure): RetryLater {
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
  { form, text, inThread }: { form: Form; text: string; inThread: boolean },
): DeliveryResult {
  const other = failure.kind === 'refused' ? otherForm(failure.code, form, text, inThread) : undefined;
  return other && failure.kind === 'refused'
    ? { kind: 'other-form', form: other, why: failure.code }
    : retryLaterBecause(failure);
}

function otherForm(code: string, form: Form, text: string, inThread: boolean): Form | undefined {
  switch (classOf(code)) {
    case 'content':
      return form.plain ? undefined : { ...form, plain: true };
    case 'metadata':
      return form.bare === undefined ? { ...form, bare: text } : undefined;
    case 'thread':
      return inThread && !form.inChannel ? { ...form, inChannel: true } : undefined;
    default:
      return undefined;
  }
}

/** The same for an edit. The buttons are given up only if the card is never edited again. */
export function resultOfEdit(
  failure: SlackFailure,
  { form, isFinal }: { form: Form; isFinal: boolean },
): DeliveryResult {
  if (failure.kind !== 'refused') return retryLaterBecause(failure);
  const { code } = failure;
  const kind = classOf(code);
  if (kind === 'message-gone') return { kind: 'rejected', because: 'message-gone', why: code };
  if (kind === 'content' && isFinal && !form.plain)
    return { kind: 'other-form', form: { ...form, plain: true }, why: code };
  return retryLaterBecause(failure);
}
