import type { WebClient } from '@slack/web-api';
import type { Depth } from '../../domain/depth.ts';
import { isFinished } from '../../domain/move-task.ts';
import { type Queue, unlistedQueue } from '../../domain/queue.ts';
import type { CardState } from '../../domain/watch/telling.ts';
import type { Announcer } from '../../operations/following/announcer.ts';
import type { Log } from '../../operations/log.ts';
import type { NoticeToTell, Teller, Told, ToTell } from '../../operations/watching/teller.ts';
import type { CardOrder } from '../card-order.ts';
import type { Home } from '../home.ts';
import { cardView } from '../views/card.ts';
import { noticeView } from '../views/notice.ts';
import { findNotice, noticeEventType, unlessUnreadable } from './find-notice.ts';
import { createPaced, createPacersByChannel } from './lines.ts';
import { createPacer } from './pacer.ts';
import { createSlackAnnouncer } from './slack-announcer.ts';

export type SlackTellerDeps = {
  /** A client of its own: what is told here never holds up an answer to a person. */
  client: WebClient;
  home: Home;
  cards: CardOrder;
  queueOf: (arn: string) => Queue | undefined;
  log: Log;
  clock: () => number;
};

/** Slack allows 50 chat.update a minute and workspace: five at once and 45 a minute never pass that. */
const editEveryMs = 60_000 / 45;
const editBurst = 5;
/** Tells what watches have to say and announces what begins elsewhere, within Slack's limits, and nothing twice. */
export function createSlackTeller(deps: SlackTellerDeps): Teller & Announcer {
  const edits = createPacer({ everyMs: editEveryMs, burst: editBurst });
  const posts = createPacersByChannel();
  const paced = createPaced(deps.clock);

  async function tellCard({ card, state }: Extract<ToTell, { kind: 'card' }>): Promise<Told> {
    const queue = queueNamed(state.queueArn);
    const { channel, ts } = card;
    return paced({ pacer: edits, key: `${channel}:${ts}`, goesFirst: state.final }, async () => {
      // Drawn only now: most states of many cards are replaced by newer ones while they wait in line.
      const message = cardView(cardOf(state, queue));
      await deps.cards.edit({ channelId: channel, ts }, shownBy(state), async () => {
        await deps.client.chat.update({ channel, ts, ...message });
      });
      return { kind: 'told' };
    });
  }

  async function tellNotice(told: Extract<ToTell, { kind: 'notice' }>): Promise<Told> {
    const { channel } = told.card;
    const goesFirst = told.notice.kind !== 'joined';
    return paced({ pacer: posts(channel), key: told.key, goesFirst }, async () => {
      const found = told.doubt ? await alreadyThere(told) : undefined;
      if (found !== undefined) return { kind: 'told', message: { channel, ts: found }, found: true };
      return { kind: 'told', message: { channel, ts: await post(told) } };
    });
  }

  function alreadyThere({ key, card }: NoticeToTell): Promise<string | undefined> {
    const thread = { channel: card.channel, threadTs: card.threadTs ?? card.ts };
    return unlessUnreadable(findNotice(key, thread, deps), key, deps.log);
  }

  async function post({ card, key, notice, queueArn, watchers }: NoticeToTell): Promise<string> {
    const isFailure = notice.kind === 'ended' && notice.task.status === 'FAILED';
    const posted = await deps.client.chat.postMessage({
      channel: card.channel,
      thread_ts: card.threadTs ?? card.ts,
      reply_broadcast: isFailure,
      ...noticeView(notice, queueNamed(queueArn), watchers),
      metadata: { event_type: noticeEventType, event_payload: { key } },
      unfurl_links: false,
      unfurl_media: false,
    });
    return posted.ts ?? '';
  }

  async function correct(told: Extract<ToTell, { kind: 'correction' }>): Promise<Told> {
    const { channel, ts } = told.message;
    return paced({ pacer: edits, key: told.key, goesFirst: true }, async () => {
      await deps.client.chat.update({
        channel,
        ts,
        ...noticeView(told.notice, queueNamed(told.queueArn), told.watchers),
        metadata: { event_type: noticeEventType, event_payload: { key: told.key } },
      });
      return { kind: 'told', message: told.message };
    });
  }

  /** The last edit of a card may be of a queue that has left the settings. */
  function queueNamed(arn: string): Queue {
    return deps.queueOf(arn) ?? unlistedQueue(arn);
  }

  return {
    ...createSlackAnnouncer({ ...deps, paced, posts }),
    tell: (what) => {
      switch (what.kind) {
        case 'card':
          return tellCard(what);
        case 'notice':
          return tellNotice(what);
        case 'correction':
          return correct(what);
      }
    },
  };
}

function cardOf(state: CardState, queue: Queue) {
  const { task, seenAt, earlier, watchers, followed, startedBy, newer, cannotSee, notListed, depth } = state;
  const { forbidden } = state;
  const watch = {
    watchers,
    notListed,
    ...(followed && { followed }),
    ...(startedBy !== undefined && { startedBy }),
    ...(newer && { newer }),
    ...(cannotSee && { cannotSee }),
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
