/**
 * What one of Slack's codes means for a message that was not accepted.
 * `https://docs.slack.dev/reference/methods/chat.postMessage` and `chat.update` list the codes; those marked as
 * undocumented were seen in issue threads.
 *
 * - `content`: Slack rejects the blocks or the length, and may accept plain text.
 * - `metadata`: Slack rejects the metadata, and may accept the message without it.
 * - `thread`: nothing can be posted in this thread.
 * - `channel-closed`: the bot can't post in this channel, now or ever.
 * - `message-gone`: the message to edit was deleted, or can never be edited again.
 * - `operator`: the token or its scopes: only whoever runs the bot can fix it.
 * - `in-doubt`: Slack has a problem; the call may or may not have succeeded.
 * - `rate-limited`: too many calls. Nothing was done.
 * - `passing`: anything else. Nothing was done, and it may work later.
 */
export const codesOf = {
  content: [
    'invalid_blocks',
    'invalid_blocks_format',
    'msg_too_long',
    'msg_blocks_too_long',
    'block_mismatch',
    'attachment_payload_limit_exceeded',
    'invalid_attachments',
    'too_many_attachments',
    'too_many_contact_cards',
    'markdown_text_conflict',
    // Also returned for blocks.
    'invalid_arguments',
  ],
  metadata: [
    'invalid_metadata_format',
    'invalid_metadata_schema',
    'metadata_must_be_sent_from_app',
    'metadata_too_large',
  ],
  thread: [
    'cannot_reply_to_message',
    'restricted_action_non_threadable_channel',
    'restricted_action_thread_locked',
    // Undocumented.
    'thread_not_found',
    'thread_locked',
    'invalid_thread_ts',
  ],
  'channel-closed': [
    'channel_not_found',
    'not_in_channel',
    'is_archived',
    'is_inactive',
    'no_permission',
    'restricted_action',
    'restricted_action_read_only_channel',
    'restricted_action_thread_only_channel',
    'messages_tab_disabled',
    // Undocumented.
    'cannot_dm_bot',
    'user_not_found',
    'user_disabled',
    'user_not_in_channel',
  ],
  'message-gone': ['message_not_found', 'cant_update_message', 'edit_window_closed'],
  operator: [
    'account_inactive',
    'app_access_restricted',
    'as_user_not_supported',
    'deprecated_endpoint',
    'ekm_access_denied',
    'enterprise_is_restricted',
    'invalid_auth',
    'method_deprecated',
    'missing_scope',
    'not_allowed_token_type',
    'not_authed',
    'send_on_behalf_not_allowed',
    'team_access_not_granted',
    'token_expired',
    'token_revoked',
    'two_factor_setup_required',
  ],
  'in-doubt': [
    'fatal_error',
    'internal_error',
    'request_timeout',
    'service_unavailable',
    // Undocumented.
    'unknown_error',
  ],
  'rate-limited': ['rate_limited', 'ratelimited'],
};

export type CodeClass = keyof typeof codesOf | 'passing';

const classes = new Map<string, CodeClass>(
  Object.entries(codesOf).flatMap(([name, codes]) => codes.map((code) => [code, name as CodeClass])),
);

/** An unknown code counts as a temporary refusal. */
export function classOf(code: string): CodeClass {
  return classes.get(code) ?? 'passing';
}

/** A maintenance page, a proxy's response or an empty body is not a Slack error code. */
export function isCode(text: unknown): text is string {
  return typeof text === 'string' && /^[a-z0-9_]+$/.test(text) && text.length <= 80;
}
