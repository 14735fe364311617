import type { WebClient } from '@slack/web-api';
import type { Action } from '../../domain/actions/action.ts';
import type { DeliveryResult } from '../../domain/delivery.ts';
import { allows, mayBeSeenIn, type Queue, unlistedQueue } from '../../domain/queue.ts';
import type { ActionDelivery, ActionNotifier } from '../../operations/actions/ports.ts';
import type { Log } from '../../operations/log.ts';
import type { Watches } from '../../operations/watching/watches.ts';
import { cutAsCounted, type Message, section } from '../block-kit.ts';
import type { BotIdentity } from '../bot-identity.ts';
import {
  asPlainText,
  postOnce,
  rejectedIfGone,
  retryLaterBecause,
  sendAsTaken,
  type Variants,
} from '../notifier/post-once.ts';
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

  async function edit({ action, fallback, keep }: ActionDelivery): Promise<void> {
    const { channel, message: ts } = action.place;
    if (ts === undefined) return;
    const draft = { variants: () => variantsOf(viewOf(action)), fallback, keep };
    await sendAsTaken(draft, (message) => client.chat.update({ channel, ts, ...message }));
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

  async function tell(delivery: ActionDelivery): Promise<DeliveryResult> {
    const { kind, action } = delivery;
    const { place } = action;
    const thread = place.thread ?? place.message;
    switch (kind) {
      case 'request':
        return post(delivery, viewOf(action), place.thread, deps);
      case 'reminder':
        return post(delivery, reminderView(action, queueFor(action)), thread, deps);
      case 'outcome':
        return postOutcome(delivery, queueFor(action), thread, deps);
      case 'update':
        await edit(delivery);
        break;
      case 'card':
        await (mayBeCard(action, deps) ? becomeCard(action) : edit(delivery));
        break;
    }
    return { kind: 'delivered' };
  }

  return {
    deliver: async (delivery) => {
      try {
        return orRejected(await tell(delivery), delivery);
      } catch (error) {
        if (delivery.kind === 'card' && mayBeCard(delivery.action, deps)) throw error;
        return orRejected(retryLaterBecause(error), delivery);
      }
    },
  };
}

/** In the thread, or else in the channel. */
async function post(
  delivery: ActionDelivery,
  view: Message,
  thread: string | undefined,
  deps: ActionNotifierDeps,
): Promise<DeliveryResult> {
  const { action } = delivery;
  const where = { channel: action.place.channel, thread, mayLeaveThread: true };
  const posted = postOnce({ ...delivery, ...where, variants: () => variantsOf(view) }, deps);
  return posted.catch(retryLaterBecause);
}

/** If the bot can't post in the channel, the requester gets a direct message. Each is searched for by its own text. */
async function postOutcome(
  delivery: ActionDelivery,
  queue: Queue,
  thread: string | undefined,
  deps: ActionNotifierDeps,
): Promise<DeliveryResult> {
  const { action } = delivery;
  const [view, direct] = [outcomeView(action, queue), directOutcomeView(action, queue)];
  const result = await post(withOwnText(delivery, view), view, thread, deps);
  if (result.kind !== 'retry-later' || result.because !== 'channel-closed') return result;
  const [channel, variants] = [action.requester, () => variantsOf(direct)];
  return postOnce({ ...withOwnText(delivery, direct), channel, isDirect: true, variants }, deps);
}

function withOwnText(delivery: ActionDelivery, { text }: Message): ActionDelivery {
  const { fallback } = delivery;
  return fallback.bare === undefined ? delivery : { ...delivery, fallback: { ...fallback, bare: text } };
}

/** Where the settings no longer allow a card, the message stays a request that was started. */
function mayBeCard(
  { queueArn, place }: Action,
  { queueOf, channels }: Pick<ActionNotifierDeps, 'queueOf' | 'channels'>,
): boolean {
  const queue = queueOf(queueArn);
  return queue !== undefined && mayBeSeenIn(queue, place.channel) && allows(channels, place.channel);
}

/** An edit waits until the channel is open again: until then its message may still show buttons that no longer work. */
function orRejected(result: DeliveryResult, { kind }: ActionDelivery): DeliveryResult {
  const isClosed = result.kind === 'retry-later' && result.because === 'channel-closed';
  return isClosed && kind !== 'update' && kind !== 'card'
    ? { kind: 'rejected', because: 'cannot-post', why: result.why }
    : rejectedIfGone(result);
}

const longestSection = 2_900;

/** First the text with its buttons, because no one could decide without them; then the text alone. */
function variantsOf(message: Message): Variants {
  const { text, blocks } = message;
  const buttons = blocks.filter(({ type }) => type === 'actions');
  const simple = [section(cutAsCounted(text, longestSection)), ...buttons];
  const keepsButtons = buttons.length > 0 && simple.length < blocks.length;
  return [message, ...(keepsButtons ? [{ text, blocks: simple }] : []), asPlainText(message)];
}
