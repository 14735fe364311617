import { codesOf } from '../../src/slack/error-codes.ts';

/** Documented codes that mean nothing special: nothing was done, and it may work later. */
const passing = [
  'access_denied',
  'accesslimited',
  'agent_prompt_display_not_allowed',
  'cant_broadcast_message',
  'draft_already_deleted',
  'draft_already_sent',
  'draft_has_conflict',
  'draft_not_found',
  'duplicate_channel_not_found',
  'duplicate_message_not_found',
  'external_channel_migrating',
  'invalid_arg_name',
  'invalid_array_arg',
  'invalid_charset',
  'invalid_form_data',
  'invalid_post_type',
  'message_limit_exceeded',
  'missing_file_data',
  'missing_post_type',
  'no_dual_broadcast_content_update',
  'no_text',
  'org_login_required',
  'slack_connect_canvas_sharing_blocked',
  'slack_connect_file_link_sharing_blocked',
  'slack_connect_lists_sharing_blocked',
  'streaming_state_conflict',
  'team_added_to_org',
  'team_not_found',
  'update_failed',
];

/** All documented codes, and some undocumented ones. */
export const knownCodes: readonly string[] = [...Object.values(codesOf).flat(), ...passing];
