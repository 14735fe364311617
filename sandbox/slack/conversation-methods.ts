import { apiMessage } from './api-message.ts';
import type { Json } from './json.ts';
import { textOf } from './json.ts';
import type { PageMessage } from './page-contract.ts';
import { Refusal } from './refusal.ts';
import {
  type Call,
  directChannelWith,
  isSet,
  knownChannel,
  type Method,
  needed,
  readableChannel,
  requireScope,
} from './web-api-method.ts';

export const conversationMethods: Record<string, Method> = {
  'conversations.replies': { token: 'bot', run: replies },
  'conversations.history': { token: 'bot', run: history },
  'conversations.info': { token: 'bot', run: info },
  'conversations.members': { token: 'bot', run: members },
  'conversations.open': { token: 'bot', scope: 'im:write', run: open },
};

function replies(call: Call): Json {
  const channel = readableChannel(call);
  const { messages } = call.workspace;
  const asked = messages.find(channel.id, needed(call, 'ts'));
  if (!asked || asked.ephemeralFor) throw new Refusal('thread_not_found');
  const thread = messages.inThread(channel.id, asked.threadTs ?? asked.ts);
  return page(call, within(call, thread), 1_000);
}

function history(call: Call): Json {
  const channel = readableChannel(call);
  const newestFirst = within(call, call.workspace.messages.inChannel(channel.id)).toReversed();
  return page(call, newestFirst, 100);
}

function info(call: Call): Json {
  const channel = knownChannel(call);
  requireScope(call.workspace, channel.isPrivate ? 'groups:read' : 'channels:read');
  return {
    channel: {
      id: channel.id,
      name: channel.name,
      is_channel: !channel.isPrivate,
      is_group: channel.isPrivate,
      is_private: channel.isPrivate,
      is_archived: channel.isArchived,
      is_member: channel.botIsMember,
      topic: { value: channel.topic },
    },
  };
}

function members(call: Call): Json {
  const channel = knownChannel(call);
  requireScope(call.workspace, channel.isPrivate ? 'groups:read' : 'channels:read');
  const { people, settings } = call.workspace;
  const inside = channel.members ?? [...people.keys()];
  const ids = [...inside, ...(channel.botIsMember ? [settings.bot.userId] : [])];
  return { members: ids, response_metadata: { next_cursor: '' } };
}

/** With one person only. */
function open(call: Call): Json {
  const id = directChannelWith(call.workspace, needed(call, 'users'));
  if (id === undefined) throw new Refusal('user_not_found');
  return { channel: { id } };
}

function within(call: Call, messages: PageMessage[]): PageMessage[] {
  const oldest = textOf(call.args['oldest']);
  const latest = textOf(call.args['latest']);
  const inclusive = isSet(call, 'inclusive');
  return messages.filter(({ ts }) => {
    if (inclusive && (ts === oldest || ts === latest)) return true;
    return (!oldest || Number(ts) > Number(oldest)) && (!latest || Number(ts) < Number(latest));
  });
}

/** Slack's cursors hold the timestamp of the next message. */
function page(call: Call, messages: PageMessage[], defaultLimit: number): Json {
  const limit = call.args['limit'] === undefined ? defaultLimit : Number(call.args['limit']);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000) throw new Refusal('invalid_limit');
  const start = startOf(textOf(call.args['cursor']), messages);
  const next = messages[start + limit];
  const shown = messages.slice(start, start + limit);
  const withMetadata = isSet(call, 'include_all_metadata');
  return {
    messages: shown.map((message) => apiMessage(message, call.workspace, withMetadata)),
    has_more: next !== undefined,
    ...(next && { response_metadata: { next_cursor: cursorOf(next) } }),
  };
}

const cursorOf = ({ ts }: PageMessage) => Buffer.from(`next_ts:${ts}`).toString('base64');

function startOf(cursor: string | undefined, messages: PageMessage[]): number {
  if (!cursor) return 0;
  const start = messages.findIndex((message) => cursorOf(message) === cursor);
  if (start < 0) throw new Refusal('invalid_cursor');
  return start;
}
