import type { WebClient } from '@slack/web-api';
import type { Log } from '../../operations/log.ts';
import type { Message } from '../block-kit.ts';
import type { BotIdentity } from '../bot-identity.ts';
import { classOf } from '../error-codes.ts';
import { slackFailureFrom } from '../slack-failure.ts';

/** The type of a notification's metadata; its payload is `{ key }`. */
const notificationEventType = 'dlq_tasks_notice';

/** The metadata by which the bot finds its messages again. Other apps may read it. */
export function keyedBy(key: string) {
  return { event_type: notificationEventType, event_payload: { key } };
}

/** For a message without metadata: its text may change before it is searched for. Ids that blocks have are kept. */
export function withKeyInBlock({ text, blocks }: Message, key: string): Message {
  const free = blocks.findIndex(({ block_id }) => block_id === undefined);
  return { text, blocks: blocks.map((block, i) => (i === free ? { ...block, block_id: key } : block)) };
}

export type FindDeps = { client: WebClient; identity: BotIdentity; log: Log };

/**
 * How to recognize a message of the bot: by its key, or by its exact text if Slack accepted it only without metadata and
 * blocks.
 */
export type Sought = { key: string; exactText?: string };

/** `inChannel`: it may be outside of its thread, too. `isDirect`: the channel is a person. */
export type Where = {
  channel: string;
  threadTs?: string | undefined;
  inChannel?: boolean | undefined;
  /** It cannot have been posted earlier. Epoch milliseconds; only for messages outside of threads. */
  since?: number;
  isDirect?: boolean | undefined;
};

type SlackMessage = {
  ts?: string;
  text?: string | null;
  bot_id?: string;
  user?: string;
  subtype?: string;
  metadata?: unknown;
  blocks?: unknown;
};
type Page = { messages?: SlackMessage[]; response_metadata?: { next_cursor?: string } };
type ReadPage = (cursor: { cursor?: string }) => Promise<Page>;

const perPage = 200;
/** Slack's clock and ours may differ by this much. */
const clocksDifferByMs = 10 * 60_000;

/**
 * Searches for the bot's message with this key: in the channel, or through its whole thread, and then also through the
 * channel if the thread's parent is gone, because Slack then posts replies to the channel, or if it was posted there.
 * Rejects if Slack can't say. Without the history scopes, a possible duplicate is better than a lost notification.
 */
export async function findPosted(sought: Sought, where: Where, deps: FindDeps): Promise<string | undefined> {
  try {
    return await find(sought, where, deps);
  } catch (error) {
    const failure = slackFailureFrom(error);
    if (failure.kind !== 'refused' || failure.code !== 'missing_scope') throw error;
    deps.log.warn(
      { key: sought.key },
      'a notification may be posted twice: without the history scopes, the bot cannot check the channel',
    );
    return undefined;
  }
}

async function find(
  sought: Sought,
  { channel, threadTs, inChannel, since = 0, isDirect }: Where,
  { client, identity }: FindDeps,
): Promise<string | undefined> {
  const { conversations } = client;
  const id = isDirect ? (await conversations.open({ users: channel })).channel?.id : channel;
  if (id === undefined) return undefined;
  const whole = { channel: id, limit: perPage, include_all_metadata: true };
  if (threadTs !== undefined) {
    const inThread: ReadPage = (cursor) => conversations.replies({ ...whole, ...cursor, ts: threadTs });
    try {
      const found = await search(inThread, sought, identity);
      if (found.ts !== undefined || !(found.parentIsGone || inChannel)) return found.ts;
    } catch (error) {
      const failure = slackFailureFrom(error);
      if (failure.kind !== 'refused' || classOf(failure.code) !== 'thread') throw error;
    }
  }
  const oldest = threadTs ?? ((since - clocksDifferByMs) / 1000).toFixed(6);
  const sinceThen: ReadPage = (cursor) => conversations.history({ ...whole, ...cursor, oldest });
  return (await search(sinceThen, sought, identity)).ts;
}

async function search(
  read: ReadPage,
  sought: Sought,
  identity: BotIdentity,
): Promise<{ ts?: string; parentIsGone: boolean }> {
  let cursor = '';
  let parentIsGone = false;
  do {
    const page = await read(cursor === '' ? {} : { cursor });
    const messages = page.messages ?? [];
    if (cursor === '') parentIsGone = messages[0] === undefined || messages[0].subtype === 'tombstone';
    const found = messages.find((message) => isOurs(message, identity) && isSought(message, sought));
    if (found?.ts) return { ts: found.ts, parentIsGone };
    cursor = page.response_metadata?.next_cursor ?? '';
  } while (cursor !== '');
  return { parentIsGone };
}

/** Other apps and people can write the same metadata; only the bot's own messages count. */
function isOurs({ bot_id, user }: SlackMessage, { botId, botUserId }: BotIdentity): boolean {
  return (bot_id !== undefined && bot_id === botId) || (user !== undefined && user === botUserId);
}

function isSought({ metadata, blocks, text }: SlackMessage, { key, exactText }: Sought): boolean {
  const { event_type, event_payload } = Object(metadata);
  const found = event_type === notificationEventType ? event_payload?.key : undefined;
  const isKeyOf = (block: unknown) => Object(block).block_id === key;
  return (
    found === key ||
    (Array.isArray(blocks) && blocks.some(isKeyOf)) ||
    (found === undefined && exactText !== undefined && comparable(text ?? '') === comparable(exactText))
  );
}

/** Slack returns emoji as names and may change line breaks. */
function comparable(text: string): string {
  return text
    .replaceAll(/:[a-z0-9_+-]+:/g, '')
    .replaceAll(/\p{Extended_Pictographic}|\u{FE0F}/gu, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
