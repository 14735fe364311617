import type { Action } from './actions/action.ts';
import { longestBetweenPollsMs } from './actions/poll.ts';
import { deliveryWithTimesClamped } from './delivery.ts';
import type { WatchSettings } from './settings.ts';
import { longestWaitsAfterTheEnd } from './watch/after-end.ts';
import type { Outbox, StoredWatch } from './watch/outbox.ts';
import type { ObservedTask, Watch, WatchPhase } from './watch/watch.ts';

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
        state: { ...cardUpdate.state, seenAt: Math.min(cardUpdate.state.seenAt, now) },
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
  const { remindedAt, confirmation, pollAt, outbox } = action;
  const brought: Action = {
    ...action,
    ...requestBack(action, now),
    ...(remindedAt !== undefined && { remindedAt: Math.min(remindedAt, now) }),
    ...(confirmation && { confirmation: { ...confirmation, at: Math.min(confirmation.at, now) } }),
    ...(pollAt !== undefined && { pollAt: Math.min(pollAt, now + longestBetweenPollsMs) }),
    outbox: outbox.map((pending) => deliveryWithTimesClamped(pending, now, now + longestWaitMs)),
  };
  return JSON.stringify(brought) === JSON.stringify(action) ? action : brought;
}

/** A request waits for approval no longer than planned. */
function requestBack({ state, requestedAt, expiresAt }: Action, now: number) {
  const ahead = Math.max(0, requestedAt - now);
  return state === 'requested' ? { requestedAt: requestedAt - ahead, expiresAt: expiresAt - ahead } : {};
}
