import type { WebClient } from '@slack/web-api';
import type { Depth } from '../../domain/depth.ts';
import { isFinished } from '../../domain/move-task.ts';
import { type Queue, unlistedQueue } from '../../domain/queue.ts';
import type { CardState } from '../../domain/watch/telling.ts';
import type { Announcer } from '../../operations/following/announcer.ts';
import type { Log } from '../../operations/log.ts';
import type { Teller, Told, ToTell } from '../../operations/watching/teller.ts';
import type { CardOrder } from '../card-order.ts';
import type { Home } from '../home.ts';
import type { SlackFailure } from '../slack-failure.ts';
import { cardView } from '../views/card.ts';
import { inForm } from './in-form.ts';
import { createPaced, createPacersByChannel } from './lines.ts';
import { createPacer } from './pacer.ts';
import { noticeInItsPlace, postDirect, postNotice } from './post-notice.ts';
import { createSlackAnnouncer } from './slack-announcer.ts';
import { verdictOnEdit } from './verdict.ts';

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

  async function tellCard({ card, state, form }: Extract<ToTell, { kind: 'card' }>): Promise<Told> {
    const queue = queueNamed(state.queueArn);
    const { channel, ts } = card;
    const verdict = (failure: SlackFailure) => verdictOnEdit(failure, { form, stays: state.final });
    return paced({ pacer: edits, key: `${channel}:${ts}`, goesFirst: state.final, verdict }, async () => {
      // Drawn only now: most states of many cards are replaced by newer ones while they wait in line.
      const message = inForm(cardView(cardOf(state, queue)), form);
      await deps.cards.edit({ channelId: channel, ts }, shownBy(state), async () => {
        await deps.client.chat.update({ channel, ts, ...message });
      });
      return { kind: 'told' };
    });
  }

  /** Slack keeps the metadata that an edit does not name. */
  async function correct(told: Extract<ToTell, { kind: 'correction' }>): Promise<Told> {
    const { message, key, form } = told;
    const verdict = (failure: SlackFailure) => verdictOnEdit(failure, { form, stays: true });
    return paced({ pacer: edits, key, goesFirst: true, verdict }, async () => {
      const view = inForm(noticeInItsPlace(told, { ...deps, queueNamed }), form);
      await deps.client.chat.update({ ...message, ...view });
      return { kind: 'told', message };
    });
  }

  /** The last edit of a card may be of a queue that has left the settings. */
  function queueNamed(arn: string): Queue {
    return deps.queueOf(arn) ?? unlistedQueue(arn);
  }

  const posting = { ...deps, queueNamed, paced, posts };
  return {
    ...createSlackAnnouncer({ ...deps, paced, posts }),
    tell: (what) => {
      switch (what.kind) {
        case 'card':
          return tellCard(what);
        case 'notice':
          return postNotice(what, posting);
        case 'direct':
          return postDirect(what, posting);
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
