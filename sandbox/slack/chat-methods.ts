import { apiMessage } from './api-message.ts';
import { type Content, isEmpty, readContent } from './content.ts';
import type { Json } from './json.ts';
import { textOf } from './json.ts';
import type { PageMessage } from './page-contract.ts';
import { Refusal } from './refusal.ts';
import {
  type Call,
  isSet,
  knownChannel,
  type Method,
  needed,
  ownMessage,
  postableChannel,
} from './web-api-method.ts';

const longestPost = 40_000;
const longestUpdate = 4_000;

export const chatMethods: Record<string, Method> = {
  'chat.postMessage': { token: 'bot', scope: 'chat:write', run: postMessage },
  'chat.postEphemeral': { token: 'bot', scope: 'chat:write', run: postEphemeral },
  'chat.update': { token: 'bot', scope: 'chat:write', run: update },
  'chat.delete': { token: 'bot', scope: 'chat:write', run: remove },
  'chat.getPermalink': { token: 'bot', run: getPermalink },
};

function postMessage(call: Call): Json {
  const { workspace } = call;
  const channel = postableChannel(call);
  const content = newContent(call);
  const threadTs = threadFor(call, channel.id);
  const message = workspace.messages.add({
    ...content,
    channel: channel.id,
    author: workspace.settings.bot.userId,
    threadTs,
    isBroadcast: threadTs !== undefined && isSet(call, 'reply_broadcast'),
  });
  return { channel: channel.id, ts: message.ts, message: apiMessage(message, workspace, true) };
}

function postEphemeral(call: Call): Json {
  const { workspace } = call;
  const channel = postableChannel(call);
  const person = needed(call, 'user');
  if (!workspace.people.has(person)) throw new Refusal('user_not_in_channel');
  const message = workspace.messages.addPrivate({
    ...newContent(call),
    channel: channel.id,
    author: workspace.settings.bot.userId,
    threadTs: threadFor(call, channel.id),
    ephemeralFor: person,
  });
  return { message_ts: message.ts };
}

function update(call: Call): Json {
  const { workspace } = call;
  const channel = knownChannel(call);
  if (channel.isArchived) throw new Refusal('is_inactive');
  if (!channel.botIsMember && workspace.isMissingScope('chat:write.public')) {
    throw new Refusal('channel_not_found');
  }
  const message = ownMessage(call, 'cant_update_message');
  const content = readContent(call.args, workspace, longestUpdate);
  if (isEmpty(content) && content.metadata === undefined) throw new Refusal('no_text');
  const edited = withContent(message, content, workspace.settings.clock());
  workspace.messages.replace(edited);
  return {
    channel: channel.id,
    ts: edited.ts,
    text: edited.text,
    message: apiMessage(edited, workspace, true),
  };
}

function remove(call: Call): Json {
  const message = ownMessage(call, 'cant_delete_message');
  call.workspace.messages.remove(message.channel, message.ts);
  return { channel: message.channel, ts: message.ts };
}

function getPermalink(call: Call): Json {
  const { workspace } = call;
  const channel = knownChannel(call);
  const message = workspace.messages.find(channel.id, needed(call, 'message_ts'));
  if (!message) throw new Refusal('message_not_found');
  const inThread = message.threadTs ? `?thread_ts=${message.threadTs}&cid=${channel.id}` : '';
  const path = `${channel.id}/p${message.ts.replace('.', '')}`;
  return { channel: channel.id, permalink: `${workspace.url()}/archives/${path}${inThread}` };
}

function newContent(call: Call) {
  const content = readContent(call.args, call.workspace, longestPost);
  if (isEmpty(content)) throw new Refusal('no_text');
  return { ...content, text: content.text ?? '', metadata: content.metadata ?? undefined };
}

/** A reply to a deleted message is not rejected: Slack posts it to the channel, outside of any thread. */
function threadFor(call: Call, channelId: string): string | undefined {
  const threadTs = textOf(call.args['thread_ts']);
  if (!threadTs) return undefined;
  if (!/^\d+\.\d+$/.test(threadTs)) throw new Refusal('invalid_thread_ts');
  const parent = call.workspace.messages.find(channelId, threadTs);
  if (!parent || parent.ephemeralFor) return undefined;
  return parent.threadTs ?? parent.ts;
}

/**
 * The message after an edit. Omitted fields stay, but text alone removes the blocks; only edits without
 * blocks are marked as edited.
 */
export function withContent(message: PageMessage, content: Content, now: number): PageMessage {
  const { blocks: _, attachments: __, metadata: ___, editedAt: ____, ...rest } = message;
  const blocks = content.blocks ?? (content.text === undefined ? message.blocks : undefined);
  const attachments = content.attachments ?? message.attachments;
  const metadata = content.metadata === undefined ? message.metadata : content.metadata;
  return {
    ...rest,
    text: content.text ?? message.text,
    ...(blocks?.length ? { blocks } : { editedAt: now }),
    ...(attachments?.length && { attachments }),
    ...(metadata && { metadata }),
  };
}
