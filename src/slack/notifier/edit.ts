import type { WebClient } from '@slack/web-api';
import type { Queue } from '../../domain/queue.ts';
import { type StartsOf, startOfTask } from '../../operations/actions/started-here.ts';
import { watchedCard } from '../../operations/answer.ts';
import type { Log } from '../../operations/log.ts';
import type { Delivery, DeliveryResult } from '../../operations/watching/notifier.ts';
import type { Message } from '../block-kit.ts';
import type { BotIdentity } from '../bot-identity.ts';
import { type CardOrder, keyOfPlace, shownBy } from '../card-order.ts';
import type { SlackFailure } from '../slack-failure.ts';
import { cardView } from '../views/card.ts';
import type { ClickEdits } from './click-edits.ts';
import { resultOfEdit } from './delivery-result.ts';
import type { Paced, Pacer } from './pacer.ts';
import { notificationMessage } from './post-notification.ts';
import { withFallback } from './post-once.ts';

export type EditDeps = {
  client: WebClient;
  identity: BotIdentity;
  cards: CardOrder;
  /** Absent if no one can click. */
  clickEdits?: ClickEdits;
  queueNamed: (arn: string) => Queue;
  log: Log;
  paced: Paced;
  edits: Pacer;
  startsOf?: StartsOf;
};

export async function updateCard(
  { card, state, fallback }: Extract<Delivery, { kind: 'card' }>,
  deps: EditDeps,
): Promise<DeliveryResult> {
  const queue = deps.queueNamed(state.queueArn);
  const { channel, ts } = card;
  const startedHere = await startOfTask(state.queueArn, state.task.startedAt, deps.startsOf, card);
  // Rendered only now: most states are replaced by newer ones while they wait.
  const message = () => withFallback(cardView({ ...watchedCard(state, queue), startedHere }), fallback);
  const edit = (send: (message: Message) => Promise<unknown>) =>
    deps.cards.update(card, shownBy(state.seenAt, state.task, state.final), async () => {
      await send(message());
    });
  // A final state needs chat.update, whose response confirms the edit.
  const byClick = state.final ? undefined : deps.clickEdits?.take(card);
  if (byClick && (await isEditedByClick(() => edit(byClick), channel, deps.log)))
    return { kind: 'delivered' };
  const isUrgent = state.final || byClick !== undefined;
  const onFailure = (failure: SlackFailure) => resultOfEdit(failure, { fallback, isFinal: state.final });
  return deps.paced({ pacer: deps.edits, key: keyOfPlace(card), isUrgent, onFailure }, async () => {
    await edit((view) => deps.client.chat.update({ channel, ts, ...view }));
    return { kind: 'delivered' };
  });
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

/** An edit keeps the metadata that it does not mention. */
export async function correctNotification(
  delivery: Extract<Delivery, { kind: 'correction' }>,
  deps: EditDeps,
): Promise<DeliveryResult> {
  const { message, key, fallback } = delivery;
  const onFailure = (failure: SlackFailure) => resultOfEdit(failure, { fallback, isFinal: true });
  return deps.paced({ pacer: deps.edits, key, isUrgent: true, onFailure }, async () => {
    const startedHere = await startOfTask(delivery.queueArn, delivery.startedAt, deps.startsOf);
    const view = withFallback(notificationMessage(delivery, { ...deps, startedHere }), fallback);
    await deps.client.chat.update({ ...message, ...view });
    return { kind: 'delivered', message };
  });
}
