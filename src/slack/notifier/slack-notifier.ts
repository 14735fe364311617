import type { WebClient } from '@slack/web-api';
import type { DeliveryResult, Fallback, PostResult } from '../../domain/delivery.ts';
import { type Queue, unlistedQueue } from '../../domain/queue.ts';
import { type StartsOf, startOfTask } from '../../operations/actions/started-here.ts';
import { watchedCard } from '../../operations/check-queue.ts';
import type { Announcer, ToAnnounce } from '../../operations/following/announce-pending.ts';
import type { Log } from '../../operations/log.ts';
import type { Delivery, NotificationDelivery, Notifier } from '../../operations/watching/notifier.ts';
import { asSent, type Message } from '../block-kit.ts';
import type { BotIdentity } from '../bot-identity.ts';
import { type CardOrder, keyOfPlace, shownBy } from '../card-order.ts';
import { cardView } from '../views/card.ts';
import { directView, notificationView, outOfThreadView, withCancel } from '../views/notification.ts';
import type { ClickEdits } from './click-edits.ts';
import {
  createPaced,
  createPacer,
  createPacersByChannel,
  type Paced,
  type Pacer,
  type PacersByChannel,
} from './pacer.ts';
import {
  asPlainText,
  type KeyedPost,
  postOnce,
  rejectedIfGone,
  sendAsTaken,
  type Variants,
} from './post-once.ts';

export type SlackNotifierDeps = {
  /** One of its own, so that its posts never delay an answer to a person. */
  client: WebClient;
  identity: BotIdentity;
  cards: CardOrder;
  /** Absent if no one can click. */
  clickEdits?: ClickEdits;
  queueOf: (arn: string) => Queue | undefined;
  startsOf?: StartsOf;
  /** Shared with other notifiers of this process. */
  posts?: PacersByChannel;
  log: Log;
  clock: () => number;
};

/** Slack allows 50 chat.update calls per minute and workspace: five at once and 45 a minute stay below that. */
const editEveryMs = 60_000 / 45;
const editBurst = 5;

type Deps = SlackNotifierDeps & {
  queueNamed: (arn: string) => Queue;
  paced: Paced;
  posts: PacersByChannel;
  edits: Pacer;
};
type Given<K extends Delivery['kind']> = Extract<Delivery, { kind: K }>;

/**
 * Delivers the notifications of watches and announces redrives that were started elsewhere, once and within
 * Slack's limits.
 */
export function createSlackNotifier(given: SlackNotifierDeps): Notifier & Announcer {
  const deps: Deps = {
    posts: createPacersByChannel(),
    ...given,
    /** The last edit of a card may be for a queue that is no longer in the settings. */
    queueNamed: (arn) => given.queueOf(arn) ?? unlistedQueue(arn),
    paced: createPaced(given.clock),
    edits: createPacer({ everyMs: editEveryMs, burst: editBurst }),
  };
  return {
    announce: (what) => announce(what, deps),
    notify: async (what) => {
      switch (what.kind) {
        case 'card':
          return updateCard(what, deps);
        case 'notification':
          return postNotification(what, deps);
        case 'direct':
          return postDirect(what, deps);
        case 'correction':
          return correctNotification(what, deps);
      }
    },
  };
}

function post(keyed: KeyedPost, isUrgent: boolean, deps: Deps): Promise<PostResult> {
  const { channel, key } = keyed;
  const pacer = deps.posts(channel);
  const keep = countedBy(pacer, keyed, deps);
  return deps.paced({ pacer, key, isUrgent }, () => postOnce({ ...keyed, keep }, deps));
}

/** Each variant that is tried is one more call. */
function countedBy(pacer: Pacer, { keep }: Pick<KeyedPost, 'keep'>, { clock }: Deps) {
  return async (fallback: Fallback) => {
    pacer.again(clock());
    await keep?.(fallback);
  };
}

/** In the card's thread, or in the channel if the thread doesn't accept it. */
async function postNotification(what: Given<'notification'>, deps: Deps): Promise<DeliveryResult> {
  const { card, notification } = what;
  const isBroadcast = notification.kind === 'ended' && notification.task.status === 'FAILED';
  const thread = card.threadTs ?? card.ts;
  const variants = await variantsOf(what, deps);
  const where = { channel: card.channel, thread, isBroadcast, mayLeaveThread: true };
  return post({ ...what, ...where, variants }, notification.kind !== 'joined', deps);
}

async function postDirect(what: Given<'direct'>, deps: Deps): Promise<DeliveryResult> {
  const { card, queueArn, user } = what;
  const where = { card, queue: deps.queueNamed(queueArn), identity: deps.identity };
  const view = directView(await viewOf(what, [], deps), where);
  const variants = () => withPlainText(view);
  return post({ ...what, channel: user, isDirect: true, variants }, true, deps);
}

async function announce(what: ToAnnounce, deps: Deps): Promise<PostResult> {
  const { seen, queue } = what;
  const startedHere = await startOfTask(queue.arn, seen.task.startedAt, deps.startsOf);
  const view = cardView({ ...announcedCard(what), startedHere });
  const result = await post({ ...what, variants: () => withPlainText(view) }, true, deps);
  if (result.kind === 'delivered' && !result.found)
    deps.cards.note(result.message, shownBy(seen.at, seen.task));
  return result;
}

/** An edit keeps the metadata that it does not mention. */
async function correctNotification(what: Given<'correction'>, deps: Deps): Promise<DeliveryResult> {
  const { message, key, fallback } = what;
  const keep = countedBy(deps.edits, what, deps);
  const result = await deps.paced({ pacer: deps.edits, key, isUrgent: true }, async () => {
    const draft = { variants: await variantsOf(what, deps), fallback, keep };
    await sendAsTaken(draft, (view) => deps.client.chat.update({ ...message, ...asSent(view) }));
    return { kind: 'delivered', message };
  });
  return rejectedIfGone(result);
}

async function updateCard(what: Given<'card'>, deps: Deps): Promise<DeliveryResult> {
  const { card, state, fallback } = what;
  const keep = countedBy(deps.edits, what, deps);
  const { channel, ts } = card;
  const queue = deps.queueNamed(state.queueArn);
  const startedHere = await startOfTask(state.queueArn, state.task.startedAt, deps.startsOf, card);
  // Rendered only now: most states are replaced by newer ones while they wait.
  const view = () => cardView({ ...watchedCard(state, queue), startedHere });
  // The buttons are given up only if the card is never edited again.
  const variants = (): Variants => (state.final ? withPlainText(view()) : [view()]);
  const edit = (send: (message: Message) => Promise<unknown>) =>
    deps.cards.update(card, shownBy(state.seenAt, state.task, state.final), async () => {
      await sendAsTaken({ variants, fallback, keep }, send);
    });
  // A final state needs chat.update, whose response confirms the edit.
  const byClick = state.final ? undefined : deps.clickEdits?.take(card);
  if (byClick && (await isEditedByClick(() => edit(byClick), channel, deps.log)))
    return { kind: 'delivered' };
  const isUrgent = state.final || byClick !== undefined;
  const turn = { pacer: deps.edits, key: keyOfPlace(card), isUrgent };
  const result = await deps.paced(turn, async () => {
    await edit((message) => deps.client.chat.update({ channel, ts, ...asSent(message) }));
    return { kind: 'delivered' };
  });
  return rejectedIfGone(result);
}

/** A card that was just clicked is edited at once, without waiting its turn. */
async function isEditedByClick(edit: () => Promise<unknown>, channel: string, log: Log): Promise<boolean> {
  try {
    await edit();
    return true;
  } catch (error) {
    log.debug({ channel, error }, 'could not edit through the response URL; the card update stays queued');
    return false;
  }
}

async function viewOf(what: NotificationDelivery, named: readonly string[], deps: Deps): Promise<Message> {
  const { queueArn, startedAt, notification } = what;
  const startedHere = await startOfTask(queueArn, startedAt, deps.startsOf);
  return notificationView(notification, deps.queueNamed(queueArn), named, startedHere);
}

/** The text for the card's thread or for the channel, where it must say which card it is about. */
async function variantsOf(what: NotificationDelivery, deps: Deps) {
  const { card, notification, queueArn, watchers } = what;
  const queue = deps.queueNamed(queueArn);
  const view = withCancel(await viewOf(what, watchers, deps), notification, queue);
  const where = { card, queue, identity: deps.identity };
  return (inChannel: boolean) => withPlainText(inChannel ? outOfThreadView(view, where) : view);
}

function withPlainText(message: Message): Variants {
  return [message, asPlainText(message)];
}

function announcedCard({ queue, seen: { task, at: seenAt, depth }, startedBy }: ToAnnounce) {
  const known = { ...(startedBy !== undefined && { startedBy }), ...(depth !== undefined && { depth }) };
  return watchedCard(
    { task, seenAt, earlier: [], watchers: [], followed: {}, notListed: false, ...known },
    queue,
  );
}
