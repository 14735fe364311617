import type { BlockAction, SlashCommand } from '@slack/bolt';
import type { Asker } from '../operations/asker.ts';
import type { Card } from './card-order.ts';
import { type Home, isExternal } from './home.ts';

/** What a person did, in the bot's own words, whichever way it came. */
export type SlackRequest = {
  /** For the log: `command`, or the id of the button. */
  what: string;
  asker: Asker;
  /** What was typed after the command, or the value of the button. */
  text: string;
  responseUrl?: string;
  /** The thread in which an answer belongs. */
  threadTs?: string;
  /** The message whose button was clicked; absent when it is private, because such a one cannot be edited. */
  clicked?: Card;
};

export function commandRequest(body: SlashCommand, home: Home): SlackRequest {
  return {
    what: 'command',
    asker: {
      userId: body.user_id,
      channelId: body.channel_id,
      isExternal: isExternal(home, body.team_id, body.enterprise_id),
    },
    text: typeof body.text === 'string' ? body.text : '',
    responseUrl: body.response_url,
  };
}

export function clickRequest(body: BlockAction, home: Home): SlackRequest {
  const [action] = body.actions;
  const channelId = body.channel?.id ?? String(body.container?.['channel_id'] ?? '');
  const threadTs = body.message?.['thread_ts'] ?? body.container?.['thread_ts'];
  const isPrivate = body.container?.['is_ephemeral'] === true;
  return {
    what: action?.action_id ?? 'unknown',
    asker: {
      userId: body.user.id,
      channelId,
      isExternal: isExternal(home, body.user.team_id ?? body.team?.id, body.enterprise?.id),
    },
    text: action && 'value' in action && typeof action.value === 'string' ? action.value : '',
    ...(body.response_url && { responseUrl: body.response_url }),
    ...(typeof threadTs === 'string' && { threadTs }),
    ...(!isPrivate && body.message && { clicked: cardOf(channelId, body.message.ts, threadTs) }),
  };
}

/** A parent of replies bears its own ts as its thread's. */
function cardOf(channelId: string, ts: string, threadTs: unknown): Card {
  return { channelId, ts, ...(typeof threadTs === 'string' && threadTs !== ts && { threadTs }) };
}
