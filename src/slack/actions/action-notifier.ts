import type { WebClient } from '@slack/web-api';
import type { Action } from '../../domain/actions/action.ts';
import { allows, mayBeSeenIn, type Queue, unlistedQueue } from '../../domain/queue.ts';
import type { ActionDelivered, ActionDelivery, ActionNotifier } from '../../operations/actions/ports.ts';
import type { Log } from '../../operations/log.ts';
import type { Watches } from '../../operations/watching/watches.ts';
import { cutAsCounted, type Message, section } from '../block-kit.ts';
import type { BotIdentity } from '../bot-identity.ts';
import { type CodeClass, classOf } from '../error-codes.ts';
import { retryLaterBecause } from '../notifier/delivery-result.ts';
import { findDirect, findInChannel, findInThread, unlessUnreadable } from '../notifier/find-message.ts';
import { withFallback } from '../notifier/post-once.ts';
import { type Draft, postAsTaken } from '../post-as-taken.ts';
import { type SlackFailure, slackFailureFrom } from '../slack-failure.ts';
import { directOutcomeView, outcomeView, reminderView } from '../views/actions/outcome.ts';
import { requestView } from '../views/actions/request.ts';

export type ActionNotifierDeps = {
  /** A client of its own, so that it never delays answers to people. */
  client: WebClient;
  identity: BotIdentity;
  queueOf: (arn: string) => Queue | undefined;
  /** From the access rules; empty allows all. */
  channels: readonly string[];
  watches: Pick<Watches, 'watch'>;
  log: Log;
};

/** Delivers actions to Slack: the message, its edits, and the replies in its thread. */
export function createActionNotifier(deps: ActionNotifierDeps): ActionNotifier {
  const { client, identity } = deps;
  const queueFor = ({ queueArn }: Action) => deps.queueOf(queueArn) ?? unlistedQueue(queueArn);
  const viewOf = (action: Action) =>
    requestView({ action, queue: queueFor(action), workspaceUrl: identity.workspaceUrl });

  async function edit(action: Action, message: Message): Promise<void> {
    const { place } = action;
    if (place.message === undefined) return;
    try {
      await client.chat.update({ channel: place.channel, ts: place.message, ...message });
    } catch (error) {
      const simpler = isRefusedAs('content', error) ? plainer(message) : undefined;
      if (!simpler) throw error;
      await edit(action, simpler);
    }
  }

  /** From now on the watch updates it. */
  async function becomeCard(action: Action): Promise<void> {
    const { place, requester, decider = requester, result } = action;
    const queue = deps.queueOf(action.queueArn);
    if (!queue || place.message === undefined || result.startedAt === undefined) return;
    const { channel, message: ts, thread: threadTs } = place;
    const card = { channel, ts, ...(threadTs !== undefined && { threadTs }) };
    for (const user of new Set([requester, decider])) {
      await deps.watches.watch({ queue, startedAt: result.startedAt, card, user });
    }
  }

  /** If the bot can't post in the channel, the requester gets a direct message. */
  async function tellOutcome(delivery: ActionDelivery, thread: string | undefined): Promise<void> {
    const { action } = delivery;
    try {
      await postOnce(delivery, outcomeView(action, queueFor(action)), thread, deps);
    } catch (error) {
      if (!isRefusedAs('channel-closed', error)) throw error;
      await postOnceTo(action.requester, delivery, directOutcomeView(action, queueFor(action)), deps);
    }
  }

  async function tell(delivery: ActionDelivery): Promise<ActionDelivered> {
    const { kind, action } = delivery;
    const { place } = action;
    const thread = place.thread ?? place.message;
    switch (kind) {
      case 'request':
        return { kind: 'delivered', message: await postOnce(delivery, viewOf(action), place.thread, deps) };
      case 'update':
        await edit(action, viewOf(action));
        break;
      case 'reminder':
        await postOnce(delivery, reminderView(action, queueFor(action)), thread, deps);
        break;
      case 'outcome':
        await tellOutcome(delivery, thread);
        break;
      case 'card':
        await (mayBeCard(action, deps) ? becomeCard(action) : edit(action, viewOf(action)));
        break;
    }
    return { kind: 'delivered' };
  }

  return {
    deliver: async (delivery) => {
      try {
        return await tell(delivery);
      } catch (error) {
        const isOfWatches = delivery.kind === 'card' && mayBeCard(delivery.action, deps);
        return isOfWatches ? Promise.reject(error) : resultOf(slackFailureFrom(error), delivery);
      }
    },
  };
}

/** Where the settings no longer allow a card, the message stays a request that was started. */
function mayBeCard(
  { queueArn, place }: Action,
  { queueOf, channels }: Pick<ActionNotifierDeps, 'queueOf' | 'channels'>,
): boolean {
  const queue = queueOf(queueArn);
  return queue !== undefined && mayBeSeenIn(queue, place.channel) && allows(channels, place.channel);
}

function isRefusedAs(kind: CodeClass, error: unknown): boolean {
  const failure = slackFailureFrom(error);
  return failure.kind === 'refused' && classOf(failure.code) === kind;
}

/** An edit waits until the channel is open again: until then its message may still show buttons that no longer work. */
function resultOf(failure: SlackFailure, { kind }: ActionDelivery): ActionDelivered {
  if (failure.kind !== 'refused') return retryLaterBecause(failure);
  const { code: why } = failure;
  const refusal = classOf(why);
  if (refusal === 'channel-closed' && kind !== 'update' && kind !== 'card')
    return { kind: 'rejected', because: 'cannot-post', why };
  if (refusal === 'message-gone') return { kind: 'rejected', because: 'message-gone', why };
  return retryLaterBecause(failure);
}

/**
 * Where the message is: found by its key if it may have been posted before, or else posted. Rejects with
 * Slack's failure.
 */
async function postOnce(
  { action, key, doubt, since }: ActionDelivery,
  message: Message,
  thread: string | undefined,
  deps: ActionNotifierDeps,
): Promise<string> {
  const { channel } = action.place;
  const draft = { channel, key, message, thread, plainer, mayLeaveThread: true };
  const found = doubt ? await findPosted(draft, since, deps) : undefined;
  return found ?? postAsTaken(draft, deps.client);
}

/** The same as a direct message. */
async function postOnceTo(
  user: string,
  { key, doubt, since }: ActionDelivery,
  message: Message,
  deps: ActionNotifierDeps,
): Promise<void> {
  const draft = { channel: user, key, message, thread: undefined, plainer, mayLeaveThread: false };
  const search = () => findDirect({ key, exactText: message.text }, { user, sinceMs: since }, deps);
  const found = doubt ? await unlessUnreadable(search(), key, deps.log) : undefined;
  if (found === undefined) await postAsTaken(draft, deps.client);
}

function findPosted(
  { channel, key, message, thread }: Draft & { key: string },
  sinceMs: number,
  deps: ActionNotifierDeps,
) {
  const sought = { key, exactText: message.text };
  const search =
    thread === undefined
      ? findInChannel(sought, { channel, sinceMs }, deps)
      : // If Slack refused the thread, it is in the channel.
        findInThread(sought, { channel, threadTs: thread, inChannel: true }, deps);
  return unlessUnreadable(search, key, deps.log);
}

const longestSection = 2_900;

/** First the text with its buttons, because no one could decide without them; then the text alone. */
function plainer(message: Message): Message | undefined {
  const { text, blocks } = message;
  if (blocks.length === 0) return undefined;
  const buttons = blocks.filter(({ type }) => type === 'actions');
  const simple = [section(cutAsCounted(text, longestSection)), ...buttons];
  const keepsButtons = buttons.length > 0 && simple.length < blocks.length;
  return keepsButtons ? { text, blocks: simple } : withFallback(message, { plain: true });
}
