import type { WebClient } from '@slack/web-api';
import { isFinished } from '../../domain/move-task.ts';
import type { TaskSeen } from '../../domain/watch/watch.ts';
import type { Announcer, ToAnnounce } from '../../operations/following/announcer.ts';
import type { Log } from '../../operations/log.ts';
import type { CardOrder } from '../card-order.ts';
import type { Home } from '../home.ts';
import { cardView } from '../views/card.ts';
import { findInChannel, noticeEventType, unlessUnreadable } from './find-notice.ts';
import type { Paced, PacersByChannel } from './lines.ts';

export type SlackAnnouncerDeps = {
  client: WebClient;
  home: Home;
  cards: CardOrder;
  log: Log;
  /** Shared with whatever else the watcher posts. */
  paced: Paced;
  posts: PacersByChannel;
};

/** Slack's clock and ours may differ by this much. */
const clocksDifferByMs = 10 * 60_000;

/** Posts the cards of tasks that began elsewhere, each once. */
export function createSlackAnnouncer(deps: SlackAnnouncerDeps): Announcer {
  const { client, cards, paced, posts } = deps;

  async function post({ queue, channel, key, seen, startedBy }: ToAnnounce): Promise<string> {
    const { task, at, depth } = seen;
    const posted = await client.chat.postMessage({
      channel,
      ...cardView({
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
      }),
      metadata: { event_type: noticeEventType, event_payload: { key } },
      unfurl_links: false,
      unfurl_media: false,
    });
    const ts = posted.ts ?? '';
    cards.note({ channelId: channel, ts }, shownBy(seen));
    return ts;
  }

  function alreadyThere({ channel, key, since }: ToAnnounce): Promise<string | undefined> {
    const search = findInChannel(key, { channel, sinceMs: since - clocksDifferByMs }, deps);
    return unlessUnreadable(search, key, deps.log);
  }

  return {
    announce: (what) =>
      paced({ pacer: posts(what.channel), key: what.key, goesFirst: true }, async () => {
        const { channel } = what;
        const found = what.doubt ? await alreadyThere(what) : undefined;
        if (found !== undefined) return { kind: 'told', message: { channel, ts: found }, found: true };
        return { kind: 'told', message: { channel, ts: await post(what) } };
      }),
  };
}

function shownBy({ task, at }: TaskSeen) {
  return {
    seenAt: at,
    isFinal: isFinished(task),
    ...(task.startedAt !== undefined && { startedAt: task.startedAt }),
  };
}
