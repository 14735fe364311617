import type { WebClient } from '@slack/web-api';
import type { Log } from '../../operations/log.ts';
import type { Home } from '../home.ts';
import { slackFailureFrom } from '../slack-failure.ts';

/** The type of a notice's metadata; its payload is `{ key }`. */
export const noticeEventType = 'dlq_tasks_notice';

/** By this metadata a message of ours is found again. Other apps may read it. */
export function keyedBy(key: string) {
  return { event_type: noticeEventType, event_payload: { key } };
}

export type FindDeps = { client: WebClient; home: Home };
export type Thread = { channel: string; threadTs: string };

type SlackMessage = { ts?: string; bot_id?: string; user?: string; metadata?: unknown };
type Page = { messages?: SlackMessage[]; response_metadata?: { next_cursor?: string } };
type ReadPage = (cursor: { cursor?: string }) => Promise<Page>;

const perPage = 200;

/**
 * Looks for our own bot's message with this key: through the whole thread, and through the channel since then when
 * the thread's parent is gone, because Slack posts a reply to nothing into the channel. Rejects when Slack cannot tell.
 */
export async function findNotice(
  key: string,
  { channel, threadTs }: Thread,
  { client, home }: FindDeps,
): Promise<string | undefined> {
  const whole = { channel, limit: perPage, include_all_metadata: true };
  const inThread: ReadPage = (cursor) => client.conversations.replies({ ...whole, ...cursor, ts: threadTs });
  const inChannel: ReadPage = (cursor) =>
    client.conversations.history({ ...whole, ...cursor, oldest: threadTs });
  try {
    const found = await search(inThread, key, home);
    return found.ts ?? (found.parentIsGone ? (await search(inChannel, key, home)).ts : undefined);
  } catch (error) {
    const failure = slackFailureFrom(error);
    if (failure.kind !== 'refused' || failure.code !== 'thread_not_found') throw error;
    return (await search(inChannel, key, home)).ts;
  }
}

/** Looks for our own bot's message with this key in the channel itself. Rejects when Slack cannot tell. */
export async function findInChannel(
  key: string,
  { channel, sinceMs }: { channel: string; sinceMs: number },
  { client, home }: FindDeps,
): Promise<string | undefined> {
  const since = { channel, limit: perPage, include_all_metadata: true, oldest: (sinceMs / 1000).toFixed(6) };
  return (await search((cursor) => client.conversations.history({ ...since, ...cursor }), key, home)).ts;
}

/** Without the history scopes it would rather repeat than lose. */
export async function unlessUnreadable(
  search: Promise<string | undefined>,
  key: string,
  log: Log,
): Promise<string | undefined> {
  try {
    return await search;
  } catch (error) {
    const failure = slackFailureFrom(error);
    if (failure.kind !== 'refused' || failure.code !== 'missing_scope') throw error;
    log.warn({ key }, 'a notice may be told twice: the channel cannot be read without the history scopes');
    return undefined;
  }
}

async function search(
  read: ReadPage,
  key: string,
  home: Home,
): Promise<{ ts?: string; parentIsGone: boolean }> {
  let cursor = '';
  let parentIsGone = false;
  do {
    const page = await read(cursor === '' ? {} : { cursor });
    const messages = page.messages ?? [];
    if (cursor === '') parentIsGone = isTombstone(messages[0]);
    const found = messages.find((message) => isOurs(message, home) && keyOf(message) === key);
    if (found?.ts) return { ts: found.ts, parentIsGone };
    cursor = page.response_metadata?.next_cursor ?? '';
  } while (cursor !== '');
  return { parentIsGone };
}

function isTombstone(message: SlackMessage | undefined): boolean {
  return message === undefined || (message as { subtype?: unknown }).subtype === 'tombstone';
}

/** Other apps and people can write the same metadata; only our own word counts. */
function isOurs({ bot_id, user }: SlackMessage, { botId, botUserId }: Home): boolean {
  return (bot_id !== undefined && bot_id === botId) || (user !== undefined && user === botUserId);
}

function keyOf({ metadata }: SlackMessage): unknown {
  const { event_type, event_payload } = (metadata ?? {}) as {
    event_type?: unknown;
    event_payload?: { key?: unknown };
  };
  return event_type === noticeEventType ? event_payload?.key : undefined;
}
