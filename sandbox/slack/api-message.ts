import type { Json } from './json.ts';
import type { PageMessage, Person } from './page-contract.ts';
import type { Workspace } from './workspace.ts';

const seconds = (ms: number) => `${Math.floor(ms / 1_000)}.000000`;

/** A message in the format of Slack's API and payloads. */
export function apiMessage(message: PageMessage, workspace: Workspace, withMetadata = false): Json {
  const { messages, settings } = workspace;
  const common = { type: 'message', ts: message.ts, text: message.text };
  if (messages.isDeleted(message)) {
    return { ...common, subtype: 'tombstone', hidden: true, user: message.author, ...threadOf(message) };
  }
  const { bot, team } = settings;
  return {
    ...common,
    user: message.author,
    ...teamOf(workspace.people.get(message.author), team.id),
    ...(message.author === bot.userId && { bot_id: bot.botId, app_id: bot.appId }),
    ...(message.isBroadcast && { subtype: 'thread_broadcast' }),
    ...(message.blocks && { blocks: message.blocks }),
    ...(message.attachments && { attachments: message.attachments }),
    ...(withMetadata && message.metadata && { metadata: message.metadata }),
    ...(message.editedAt && { edited: { user: message.author, ts: seconds(message.editedAt) } }),
    ...threadOf(message),
    ...parentOf(message, workspace),
  };
}

function teamOf(author: Person | undefined, botsOwn: string): Json {
  return author?.hidesTeam ? {} : { team: author?.teamId ?? botsOwn };
}

function threadOf({ ts, threadTs, replies }: PageMessage): Json {
  if (threadTs) return { thread_ts: threadTs };
  if (!replies) return {};
  return { thread_ts: ts, reply_count: replies.count, latest_reply: replies.latestTs, subscribed: false };
}

function parentOf({ channel, threadTs }: PageMessage, workspace: Workspace): Json {
  const parent = threadTs && workspace.messages.find(channel, threadTs);
  return parent ? { parent_user_id: parent.author } : {};
}
