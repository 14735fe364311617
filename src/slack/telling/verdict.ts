import type { Told } from '../../operations/watching/teller.ts';
import type { SlackFailure } from '../slack-failure.ts';

const closed = ['channel_not_found', 'not_in_channel', 'is_archived', 'is_inactive', 'restricted_action'];
const gone = ['message_not_found', 'thread_not_found', 'cant_update_message', 'edit_window_closed'];
/** An operator mends these; nothing is to be lost meanwhile. */
const mendable = [
  'token_revoked',
  'token_expired',
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'missing_scope',
  'ekm_access_denied',
];
const troubled = ['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout'];
const mendableAfterMs = 60_000;

/** What a failure means for something that was to be told. */
export function verdictOn(failure: SlackFailure): Told {
  switch (failure.kind) {
    case 'rate-limited':
      return {
        kind: 'later',
        afterMs: failure.retryAfterSeconds * 1000,
        maybeTold: false,
        why: 'rate limited',
      };
    case 'in-doubt':
      return { kind: 'later', maybeTold: true, why: failure.code };
    case 'refused':
      return verdictOnCode(failure.code);
  }
}

function verdictOnCode(why: string): Told {
  if (closed.includes(why)) return { kind: 'never', because: 'channel-closed', why };
  if (gone.includes(why)) return { kind: 'never', because: 'message-gone', why };
  if (mendable.includes(why)) return { kind: 'later', afterMs: mendableAfterMs, maybeTold: false, why };
  if (troubled.includes(why)) return { kind: 'later', maybeTold: true, why };
  if (why === 'ratelimited' || why === 'rate_limited') return { kind: 'later', maybeTold: false, why };
  return { kind: 'never', because: 'refused', why };
}
