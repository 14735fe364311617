import type { WebClient } from '@slack/web-api';
import type { Depth } from '../../domain/depth.ts';
import { isFinished } from '../../domain/move-task.ts';
import { type Queue, unlistedQueue } from '../../domain/queue.ts';
import type { CardState } from '../../domain/watch/notification.ts';
import type { Announcer } from '../../operations/following/announcer.ts';
import type { Log } from '../../operations/log.ts';
import type { Delivery, DeliveryResult, Notifier } from '../../operations/watching/notifier.ts';
import type { Message } from '../blocks.ts';
import type { BotIdentity } from '../bot-identity.ts';
import type { CardOrder } from '../card-order.ts';
import type { SlackFailure } from '../slack-failure.ts';
import { cardView } from '../views/card.ts';
import type { ClickEdits, EditByClick } from './click-edits.ts';
import { resultOfEdit } from './delivery-result.ts';
import { inForm } from './in-form.ts';
import { createPacer } from './pacer.ts';
import { correctMessage, postDirect, postNotification } from './post-notification.ts';
import { createPaced, createPacersByChannel } from './rate-limits.ts';
import { createSlackAnnouncer } from './slack-announcer.ts';

export type SlackNotifierDeps = {
  /** A client of its own: what is told here never holds up an answer to a person. */
  client: WebClient;
  identity: BotIdentity;
  cards: CardOrder;
  /** Absent where nobody clicks. */
  clickEdits?: ClickEdits;
  queueOf: (arn: string) => Queue | undefined;
  log: Log;
  clock: () => number;
};

type Place = { channelId: string; ts: string };

/** Slack allows 50 chat.update a minute and workspace: five at once and 45 a minute never pass that. */
const editEveryMs = 60_000 / 45;
const editBurst = 5;

/** Tells what watches have to say and announces what begins elsewhere, within Slack's limits, and nothing twice. */
export function createSlackNotifier(deps: SlackNotifierDeps): Notifier & Announcer {
  const edits = createPacer({ everyMs: editEveryMs, burst: editBurst });
  const posts = createPacersByChannel();
  const paced = createPaced(deps.clock);

  async function updateCard({
    card,
    state,
    form,
  }: Extract<Delivery, { kind: 'card' }>): Promise<DeliveryResult> {
    const queue = queueNamed(state.queueArn);
    const { channel, ts } = card;
    const place = { channelId: channel, ts };
    // Drawn only now: most states of many cards are replaced by newer ones while they wait in line.
    const message = () => inForm(cardView(cardOf(state, queue)), form);
    // An end wants an answer of Slack's to rely on.
    const byClick = state.final ? undefined : deps.clickEdits?.take(place);
    if (byClick && (await toldByClick(byClick, place, state, message))) return { kind: 'delivered' };
    const goesFirst = state.final || byClick !== undefined;
    const verdict = (failure: SlackFailure) => resultOfEdit(failure, { form, stays: state.final });
    return paced({ pacer: edits, key: `${channel}:${ts}`, goesFirst, verdict }, async () => {
      await deps.cards.cardUpdate(place, shownBy(state), async () => {
        await deps.client.chat.update({ channel, ts, ...message() });
      });
      return { kind: 'delivered' };
    });
  }

  /** What somebody has just clicked shows at once, and waits in no line. */
  async function toldByClick(
    cardUpdate: EditByClick,
    place: Place,
    state: CardState,
    message: () => Message,
  ): Promise<boolean> {
    try {
      await deps.cards.cardUpdate(place, shownBy(state), () => cardUpdate(message()));
      return true;
    } catch (error) {
      deps.log.debug({ channel: place.channelId, error }, 'a click is shown in turn with the other edits');
      return false;
    }
  }

  /** Slack keeps the metadata that an edit does not name. */
  async function correct(delivery: Extract<Delivery, { kind: 'correction' }>): Promise<DeliveryResult> {
    const { message, key, form } = delivery;
    const verdict = (failure: SlackFailure) => resultOfEdit(failure, { form, stays: true });
    return paced({ pacer: edits, key, goesFirst: true, verdict }, async () => {
      const view = inForm(correctMessage(delivery, { ...deps, queueNamed }), form);
      await deps.client.chat.update({ ...message, ...view });
      return { kind: 'delivered', message };
    });
  }

  /** The last edit of a card may be of a queue that has left the settings. */
  function queueNamed(arn: string): Queue {
    return deps.queueOf(arn) ?? unlistedQueue(arn);
  }

  const posting = { ...deps, queueNamed, paced, posts };
  return {
    ...createSlackAnnouncer({ ...deps, paced, posts }),
    notify: (what) => {
      switch (what.kind) {
        case 'card':
          return updateCard(what);
        case 'notification':
          return postNotification(what, posting);
        case 'direct':
          return postDirect(what, posting);
        case 'correction':
          return correct(what);
      }
    },
  };
}

function cardOf(state: CardState, queue: Queue) {
  const { task, seenAt, earlier, watchers, followed, startedBy, newer, cannotPoll, notListed, depth } = state;
  const { forbidden } = state;
  const watch = {
    watchers,
    notListed,
    ...(followed && { followed }),
    ...(startedBy !== undefined && { startedBy }),
    ...(newer && { newer }),
    ...(cannotPoll && { cannotPoll }),
    ...(forbidden && { forbidden }),
  };
  const inDlq = depth === undefined ? {} : { depth: { ok: true as const, value: inAll(depth) } };
  return { queue, task, seenAt, earlier, asked: 1, watch, ...inDlq };
}

/** The watch keeps one number for all messages of the DLQ. */
function inAll(waiting: number): Depth {
  return { waiting, inFlight: 0, delayed: 0 };
}

function shownBy({ seenAt, task, final }: CardState) {
  return {
    seenAt,
    isFinal: final || isFinished(task),
    ...(task.startedAt !== undefined && { startedAt: task.startedAt }),
  };
}
