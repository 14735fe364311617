import type { Json } from './json.ts';
import { textOf } from './json.ts';
import type { Channel, PageMessage } from './page-contract.ts';
import { missingArgument, Refusal } from './refusal.ts';
import type { Workspace } from './workspace.ts';

export type Call = { args: Json; workspace: Workspace };

export type Method = {
  /** `config`: an app configuration token, which people have and bots do not. */
  token: 'bot' | 'app' | 'config';
  /** A scope that the whole method needs. */
  scope?: string;
  /** Returns the fields beside `ok: true`; throws a Refusal. */
  run(call: Call): Json;
};

export function needed({ args }: Call, name: string): string {
  const value = textOf(args[name]);
  if (!value) throw missingArgument(name);
  return value;
}

/** Form bodies spell booleans as text. */
export function isSet({ args }: Call, name: string): boolean {
  return args[name] === true || args[name] === 'true' || args[name] === '1' || args[name] === 1;
}

export function requireScope(workspace: Workspace, scope: string): void {
  if (!workspace.isMissingScope(scope)) return;
  throw new Refusal('missing_scope', { needed: scope, provided: workspace.grantedScopes().join(',') });
}

/** A private channel without the bot does not exist for the bot. */
export function knownChannel(call: Call): Channel {
  const id = needed(call, 'channel');
  const channel = call.workspace.channels.get(id) ?? directChannel(call.workspace, id);
  if (!channel || (channel.isPrivate && !channel.botIsMember)) throw new Refusal('channel_not_found');
  return channel;
}

/** The bot's direct messages with one person. */
function directChannel({ people }: Workspace, id: string): Channel | undefined {
  if (!isDirect(id) || !people.has(`U${id.slice(1)}`)) return undefined;
  return { id, name: '', topic: '', isPrivate: true, isArchived: false, botIsMember: true };
}

const isDirect = (channelId: string) => channelId.startsWith('D');

/** `D1` is the conversation with `U1`. */
export function directChannelWith({ people }: Workspace, personId: string): string | undefined {
  return people.has(personId) ? `D${personId.slice(1)}` : undefined;
}

export function readableChannel(call: Call): Channel {
  const channel = knownChannel(call);
  requireScope(call.workspace, historyScopeFor(channel));
  if (!channel.botIsMember) throw new Refusal('not_in_channel');
  return channel;
}

function historyScopeFor({ id, isPrivate }: Channel): string {
  if (isDirect(id)) return 'im:history';
  return isPrivate ? 'groups:history' : 'channels:history';
}

/** A person's id means the conversation with them. */
export function postableChannel(call: Call): Channel {
  const { workspace, args } = call;
  const direct = directChannelWith(workspace, needed(call, 'channel'));
  const channel = knownChannel(
    direct === undefined ? call : { workspace, args: { ...args, channel: direct } },
  );
  if (isDirect(channel.id) && !workspace.settings.messagesTab) throw new Refusal('messages_tab_disabled');
  if (channel.isArchived) throw new Refusal('is_archived');
  if (!channel.botIsMember && workspace.isMissingScope('chat:write.public')) {
    throw new Refusal('not_in_channel');
  }
  return channel;
}

/** The bot's own message; ephemeral ones can't be found, and other people's can't be changed. */
export function ownMessage(call: Call, refusal: string): PageMessage {
  const { messages, settings } = call.workspace;
  const message = messages.find(knownChannel(call).id, needed(call, 'ts'));
  if (!message || message.ephemeralFor || messages.isDeleted(message)) throw new Refusal('message_not_found');
  if (message.author !== settings.bot.userId) throw new Refusal(refusal);
  return message;
}
