import type { WebClient } from '@slack/web-api';
import { isFinished } from '../../domain/move-task.ts';
import type { ObservedTask } from '../../domain/watch/watch.ts';
import type { Announcer, ToAnnounce } from '../../operations/following/announcer.ts';
import type { Log } from '../../operations/log.ts';
import type { Message } from '../blocks.ts';
import type { BotIdentity } from '../bot-identity.ts';
import type { CardOrder } from '../card-order.ts';
import type { SlackFailure } from '../slack-failure.ts';
import { cardView } from '../views/card.ts';
import { resultOfPost } from './delivery-result.ts';
import { findInChannel } from './find-message.ts';
import { asPosted, inForm } from './in-form.ts';
import { findPosted } from './post-notification.ts';
import type { Paced, PacersByChannel } from './rate-limits.ts';

export type SlackAnnouncerDeps = {
  client: WebClient;
  identity: BotIdentity;
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
    return findPosted(findInChannel(mark, { channel, sinceMs: since }, deps), key, deps.log);
  }

  return {
    announce: (what) => {
      const { channel, key, form } = what;
      const message = inForm(cardOf(what), form);
      const verdict = (failure: SlackFailure) =>
        resultOfPost(failure, { form, text: message.text, inThread: false });
      return paced({ pacer: posts(channel), key, goesFirst: true, verdict }, async () => {
        const found = await alreadyThere(what);
        if (found.failed) return found.failed;
        if (found.ts !== undefined)
          return { kind: 'delivered', message: { channel, ts: found.ts }, found: true };
        if (form.bare !== undefined && form.bare !== message.text)
          return { kind: 'other-form', form: { ...form, bare: message.text }, why: 'the words have changed' };
        return { kind: 'delivered', message: { channel, ts: await post(what, message) } };
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

function shownBy({ task, at }: ObservedTask) {
  return {
    seenAt: at,
    isFinal: isFinished(task),
    ...(task.startedAt !== undefined && { startedAt: task.startedAt }),
  };
}
