import type { WebClient } from '@slack/web-api';
import type { ActionDelivery } from '../../operations/actions/ports.ts';
import type { Log } from '../../operations/log.ts';
import { type Message, section } from '../blocks.ts';
import type { BotIdentity } from '../bot-identity.ts';
import { classOf } from '../error-codes.ts';
import { findDirect, findInChannel, findInThread, unlessUnreadable } from '../notifier/find-message.ts';
import { asPosted, withFallback } from '../notifier/post-once.ts';
import { slackFailureFrom } from '../slack-failure.ts';
import { cutAsCounted } from '../text.ts';

type Deps = { client: WebClient; identity: BotIdentity; log: Log };

/**
 * Where the message is: found by its key if it may have been posted before, or else posted. Rejects with
 * Slack's failure.
 */
export async function postOnce(
  { action, key, doubt, since }: ActionDelivery,
  message: Message,
  thread: string | undefined,
  deps: Deps,
): Promise<string> {
  const { channel } = action.place;
  const draft = { channel, key, message, thread };
  const found = doubt ? await findPosted(draft, since, deps) : undefined;
  return found ?? postAsTaken(draft, deps.client);
}

/** The same as a direct message. */
export async function postOnceTo(
  user: string,
  { key, doubt, since }: ActionDelivery,
  message: Message,
  deps: Deps,
): Promise<void> {
  const draft = { channel: user, key, message, thread: undefined };
  const search = () => findDirect({ key, exactText: message.text }, { user, sinceMs: since }, deps);
  const found = doubt ? await unlessUnreadable(search(), key, deps.log) : undefined;
  if (found === undefined) await postAsTaken(draft, deps.client);
}

function findPosted({ channel, key, message, thread }: Draft, sinceMs: number, deps: Deps) {
  const sought = { key, exactText: message.text };
  const search =
    thread === undefined
      ? findInChannel(sought, { channel, sinceMs }, deps)
      : // If Slack refused the thread, it is in the channel.
        findInThread(sought, { channel, threadTs: thread, inChannel: true }, deps);
  return unlessUnreadable(search, key, deps.log);
}

/** Slack may reject the metadata, the blocks or the thread: then it tries once more without them. */
async function postAsTaken(draft: Draft, client: WebClient): Promise<string> {
  try {
    const { channel, key, message, thread, isMarked = true } = draft;
    const { ts } = await client.chat.postMessage({
      channel,
      ...asPosted(message, { key, isMarked }),
      ...(thread !== undefined && { thread_ts: thread }),
    });
    return ts ?? '';
  } catch (error) {
    const failure = slackFailureFrom(error);
    const simpler = failure.kind === 'refused' ? simplerThan(draft, failure.code) : undefined;
    if (!simpler) throw error;
    return postAsTaken(simpler, client);
  }
}

type Draft = {
  channel: string;
  key: string;
  message: Message;
  thread: string | undefined;
  isMarked?: boolean;
};

const longestSection = 2_900;

/** First the text with its buttons, because no one could decide without them; then the text alone. */
export function plainer(message: Message): Message | undefined {
  const { text, blocks } = message;
  if (blocks.length === 0) return undefined;
  const buttons = blocks.filter(({ type }) => type === 'actions');
  const simple = [section(cutAsCounted(text, longestSection)), ...buttons];
  const keepsButtons = buttons.length > 0 && simple.length < blocks.length;
  return keepsButtons ? { text, blocks: simple } : withFallback(message, { plain: true });
}

function simplerThan(draft: Draft, code: string): Draft | undefined {
  const { thread, isMarked = true } = draft;
  switch (classOf(code)) {
    case 'content': {
      const message = plainer(draft.message);
      return message && { ...draft, message };
    }
    case 'metadata':
      return isMarked ? { ...draft, isMarked: false } : undefined;
    case 'thread':
      return thread === undefined ? undefined : { ...draft, thread: undefined };
    default:
      return undefined;
  }
}
