import { deliveryWithTimesClamped } from '../delivery.ts';
import { longestWaitsAfterTheEnd } from './after-end.ts';
import type { Outbox, StoredCardUpdate, StoredNotification, StoredWatch } from './outbox.ts';
import type { ObservedTask, Watch, WatchPhase } from './watch.ts';
import type { WatchSettings } from './watch-settings.ts';

/**
 * Corrects a stored watch at startup. Another process may have stored it while the clock was ahead: nothing may have
 * happened later than now, and nothing may wait longer than usual. Returns the same object if nothing is ahead.
 */
export function withTimesClamped(stored: StoredWatch, now: number, settings: WatchSettings): StoredWatch {
  const latest = latestPlanned(now, settings);
  const { watch, outbox } = stored;
  const brought = {
    watch: watchBack(watch, now, latest[watch.phase]),
    outbox: outboxBack(outbox, now, latest.running),
  };
  return JSON.stringify(brought) === JSON.stringify(stored) ? stored : brought;
}

/**
 * The latest polls that are ever planned, by phase; deliveries are never planned later than the poll of a running task.
 * A watch with later ones was stored while the clock was ahead.
 */
export function latestPlanned(now: number, settings: WatchSettings): Record<WatchPhase, number> {
  const { settling, bouncing } = longestWaitsAfterTheEnd(settings);
  return {
    running: now + settings.maxPollSeconds * 1000,
    settling: now + settling,
    bouncing: now + bouncing,
    over: now + bouncing,
  };
}

function watchBack(watch: Watch, now: number, latest: number): Watch {
  const { seen, comingBack, progressedAt, cannotPoll, end, shown } = watch;
  return {
    ...watch,
    createdAt: Math.min(watch.createdAt, now),
    nextPollAt: Math.min(watch.nextPollAt, latest),
    counts: watch.counts.filter(({ at }) => at <= now),
    shown: { ...shown, at: Math.min(shown.at, now) },
    ...(comingBack && {
      comingBack: { ...comingBack, polls: comingBack.polls.filter(({ at }) => at <= now) },
    }),
    ...(seen && { seen: seenBack(seen, now) }),
    ...(progressedAt !== undefined && { progressedAt: Math.min(progressedAt, now) }),
    ...(cannotPoll && { cannotPoll: { ...cannotPoll, since: Math.min(cannotPoll.since, now) } }),
    ...(end && {
      end: {
        ...end,
        seenAt: Math.min(end.seenAt, now),
        ...(end.lastRunning && { lastRunning: seenBack(end.lastRunning, now) }),
      },
    }),
  };
}

function seenBack(seen: ObservedTask, now: number): ObservedTask {
  return { ...seen, at: Math.min(seen.at, now) };
}

function outboxBack({ notifications, cardUpdate, ...rest }: Outbox, now: number, latest: number): Outbox {
  const back = <D extends StoredNotification | StoredCardUpdate>(pending: D) =>
    deliveryWithTimesClamped(pending, now, latest);
  return {
    ...rest,
    notifications: notifications.map(back),
    ...(cardUpdate && {
      cardUpdate: {
        ...back(cardUpdate),
        state: { ...cardUpdate.state, seenAt: Math.min(cardUpdate.state.seenAt, now) },
      },
    }),
  };
}
