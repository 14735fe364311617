import type { Action } from './actions/action.ts';
import { longestBetweenPollsMs } from './actions/poll.ts';
import { deliveryWithTimesClamped } from './delivery.ts';
import type { WatchSettings } from './settings.ts';
import { longestWaitsAfterTheEnd } from './watch/after-end.ts';
import type { Outbox, StoredWatch } from './watch/outbox.ts';
import type { Watch, WatchPhase } from './watch/watch.ts';

export type LatestPlanned = Record<WatchPhase | 'cardUpdate', number>;

/**
 * Corrects a stored watch at startup. Another process may have stored it while the clock was ahead: nothing may have
 * happened later than now, and nothing may wait longer than usual. Returns the same object if nothing is ahead.
 */
export function withTimesClamped(stored: StoredWatch, now: number, latest: LatestPlanned): StoredWatch {
  const { watch, outbox } = stored;
  const brought = {
    watch: watchBack(watch, now, latest[watch.phase]),
    outbox: outboxBack(outbox, now, latest),
  };
  return JSON.stringify(brought) === JSON.stringify(stored) ? stored : brought;
}

/** Slack accepts 50 edits per minute, so card updates that wait are planned one after the other, at most this far apart. */
const cardUpdateEveryMs = 1_500;

/**
 * The latest polls that are ever planned, by phase, and the latest card update of so many that wait. Notifications are
 * never planned later than the poll of a running task. A watch with later times was stored while the clock was ahead.
 */
export function latestPlanned(now: number, settings: WatchSettings, cardUpdates: number): LatestPlanned {
  const { settling, bouncing } = longestWaitsAfterTheEnd(settings);
  const running = now + settings.maxPollSeconds * 1000;
  return {
    running,
    cardUpdate: running + cardUpdates * cardUpdateEveryMs,
    settling: now + settling,
    bouncing: now + bouncing,
    over: now + bouncing,
  };
}

/** The same, with none of these times later than `latest`. */
function noLater<T extends object>(of: T, latest: number, ...times: (keyof T)[]): T {
  const late = times.filter((time) => Number(of[time]) > latest);
  return { ...of, ...Object.fromEntries(late.map((time) => [time, latest])) };
}

function watchBack(watch: Watch, now: number, latest: number): Watch {
  const { seen, comingBack, cannotPoll, end } = watch;
  return {
    ...noLater(noLater(watch, latest, 'nextPollAt'), now, 'createdAt', 'progressedAt'),
    counts: watch.counts.filter(({ at }) => at <= now),
    shown: noLater(watch.shown, now, 'at'),
    ...(comingBack && {
      comingBack: { ...comingBack, polls: comingBack.polls.filter(({ at }) => at <= now) },
    }),
    ...(seen && { seen: noLater(seen, now, 'at') }),
    ...(cannotPoll && { cannotPoll: noLater(cannotPoll, now, 'since') }),
    ...(end && {
      end: {
        ...noLater(end, now, 'seenAt'),
        ...(end.lastRunning && { lastRunning: noLater(end.lastRunning, now, 'at') }),
      },
    }),
  };
}

function outboxBack(
  { notifications, cardUpdate, ...rest }: Outbox,
  now: number,
  latest: LatestPlanned,
): Outbox {
  return {
    ...rest,
    notifications: notifications.map((one) => deliveryWithTimesClamped(one, now, latest.running)),
    ...(cardUpdate && {
      cardUpdate: {
        ...deliveryWithTimesClamped(cardUpdate, now, latest.cardUpdate),
        state: noLater(cardUpdate.state, now, 'seenAt'),
      },
    }),
  };
}

/** The longest wait for what was stored while the clock was ahead. */
const longestWaitMs = 5 * 60_000;

/**
 * Like `withTimesClamped` for a watch: corrects a stored action at startup. Another process may have stored it while the
 * clock was ahead: nothing waits longer than usual. When it was called stays: SQS's times are compared with it. Returns
 * the same object if nothing is ahead.
 */
export function actionWithTimesClamped(action: Action, now: number): Action {
  const { confirmation, outbox } = action;
  const brought: Action = {
    ...noLater(noLater(action, now + longestBetweenPollsMs, 'pollAt'), now, 'remindedAt'),
    ...requestBack(action, now),
    ...(confirmation && { confirmation: noLater(confirmation, now, 'at') }),
    outbox: outbox.map((pending) => deliveryWithTimesClamped(pending, now, now + longestWaitMs)),
  };
  return JSON.stringify(brought) === JSON.stringify(action) ? action : brought;
}

/** A request waits for approval no longer than planned. */
function requestBack({ state, requestedAt, expiresAt }: Action, now: number) {
  const ahead = Math.max(0, requestedAt - now);
  return state === 'requested' ? { requestedAt: requestedAt - ahead, expiresAt: expiresAt - ahead } : {};
}
