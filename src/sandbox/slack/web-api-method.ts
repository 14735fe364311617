import type { Json } from './json.ts';
import { textOf } from './json.ts';
import type { Channel, PageMessage } from './page-contract.ts';
import { missingArgument, Refusal } from './refusal.ts';
import type { Workspace } from './workspace.ts';

export type Call = { args: Json; workspace: Workspace };

export type Method = {
  token: 'bot' | 'app';
  /** A scope without which nothing of the method works. */
  scope?: string;
  /** Answers what stands beside `ok: true`; throws a Refusal. */
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

/** A private channel without the bot does not exist for it. */
export function knownChannel(call: Call): Channel {
  const channel = call.workspace.channels.get(needed(call, 'channel'));
  if (!channel || (channel.isPrivate && !channel.botIsMember)) throw new Refusal('channel_not_found');
  return channel;
}

export function readableChannel(call: Call): Channel {
  const channel = knownChannel(call);
  requireScope(call.workspace, channel.isPrivate ? 'groups:history' : 'channels:history');
  if (!channel.botIsMember) throw new Refusal('not_in_channel');
  return channel;
}

export function postableChannel(call: Call): Channel {
  const channel = knownChannel(call);
  if (channel.isArchived) throw new Refusal('is_archived');
  if (!channel.botIsMember && call.workspace.isMissingScope('chat:write.public')) {
    throw new Refusal('not_in_channel');
  }
  return channel;
}

/** The bot's own message; ephemeral ones cannot be found, and those of others not changed. */
export function ownMessage(call: Call, refusal: string): PageMessage {
  const { messages, settings } = call.workspace;
  const message = messages.find(knownChannel(call).id, needed(call, 'ts'));
  if (!message || message.ephemeralFor || messages.isDeleted(message)) throw new Refusal('message_not_found');
  if (message.author !== settings.bot.userId) throw new Refusal(refusal);
  return message;
}
