import type { WebClient } from '@slack/web-api';
import { isFinished } from '../../domain/move-task.ts';
import type { TaskSeen } from '../../domain/watch/watch.ts';
import type { Announcer, ToAnnounce } from '../../operations/following/announcer.ts';
import type { Log } from '../../operations/log.ts';
import type { Message } from '../blocks.ts';
import type { CardOrder } from '../card-order.ts';
import type { Home } from '../home.ts';
import type { SlackFailure } from '../slack-failure.ts';
import { cardView } from '../views/card.ts';
import { findInChannel } from './find-notice.ts';
import { asPosted, inForm } from './in-form.ts';
import type { Paced, PacersByChannel } from './lines.ts';
import { soughtFor } from './post-notice.ts';
import { verdictOnPost } from './verdict.ts';

export type SlackAnnouncerDeps = {
  client: WebClient;
  home: Home;
  cards: CardOrder;
  log: Log;
  /** Shared with whatever else the watcher posts. */
  paced: Paced;
  posts: PacersByChannel;
};

/** Posts the cards of tasks that began elsewhere, each once. */
export function createSlackAnnouncer(deps: SlackAnnouncerDeps): Announcer {
  const { client, cards, paced, posts } = deps;

  async function post({ channel, key, seen, form }: ToAnnounce, message: Message): Promise<string> {
    const posted = await client.chat.postMessage({
      channel,
      ...asPosted(message, key, form),
    });
    const ts = posted.ts ?? '';
    cards.note({ channelId: channel, ts }, shownBy(seen));
    return ts;
  }

  async function alreadyThere({ channel, key, since, form, doubt }: ToAnnounce) {
    if (!doubt) return {};
    const mark = { key, ...(form.bare !== undefined && { bare: form.bare }) };
    return soughtFor(findInChannel(mark, { channel, sinceMs: since }, deps), key, deps.log);
  }

  return {
    announce: (what) => {
      const { channel, key, form } = what;
      const message = inForm(cardOf(what), form);
      const verdict = (failure: SlackFailure) =>
        verdictOnPost(failure, { form, text: message.text, inThread: false });
      return paced({ pacer: posts(channel), key, goesFirst: true, verdict }, async () => {
        const found = await alreadyThere(what);
        if (found.failed) return found.failed;
        if (found.ts !== undefined) return { kind: 'told', message: { channel, ts: found.ts }, found: true };
        if (form.bare !== undefined && form.bare !== message.text)
          return { kind: 'again', form: { ...form, bare: message.text }, why: 'the words have changed' };
        return { kind: 'told', message: { channel, ts: await post(what, message) } };
      });
    },
  };
}

function cardOf({ queue, seen, startedBy }: ToAnnounce): Message {
  const { task, at, depth } = seen;
  return cardView({
    queue,
    seenAt: at,
    task,
    earlier: [],
    asked: 1,
    ...(depth !== undefined && {
      depth: { ok: true as const, value: { waiting: depth, inFlight: 0, delayed: 0 } },
    }),
    watch: {
      watchers: [],
      followed: {},
      ...(startedBy !== undefined && { startedBy }),
      notListed: false,
    },
  });
}

function shownBy({ task, at }: TaskSeen) {
  return {
    seenAt: at,
    isFinal: isFinished(task),
    ...(task.startedAt !== undefined && { startedAt: task.startedAt }),
  };
}
