import type { WatchSettings } from '../settings.ts';
import { cardStateOf } from './card-state.ts';
import {
  type CardState,
  type Decision,
  type Notification,
  notificationFor,
  type OutboxEntry,
} from './notification.ts';
import type { Observation } from './observation.ts';
import type { Watch } from './watch.ts';

export type DecisionInput = {
  watch: Watch;
  observation: Observation;
  now: number;
  settings: WatchSettings;
  /** 0 to 1, for the jitter: an argument, so that decisions are reproducible. */
  random: number;
};

/** The same, once it is known what the poll found. */
export type InputOf<K extends Observation['kind']> = DecisionInput & {
  observation: Extract<Observation, { kind: K }>;
};

/** How often a card is updated without a visible change, to refresh the times on it. */
const timesPassAfterMs = 10 * 60_000;

type SaidOnce = 'stalled' | 'too-slow' | 'not-listed';

/** An unfinished decision: each rule takes one and returns the next. */
export function noDecision(watch: Watch): Decision {
  return { watch, send: [] };
}

export function withChanges({ watch, send }: Decision, changes: Partial<Watch>): Decision {
  return { watch: { ...watch, ...changes }, send };
}

export function notify(
  { watch, send }: Decision,
  notification: Notification,
  which?: string | number,
): Decision {
  return { watch, send: [...send, notificationFor(watch, notification, which)] };
}

export function notifyOnce(
  decision: Decision,
  notification: Extract<Notification, { kind: SaidOnce }>,
): Decision {
  const { said } = decision.watch;
  if (said.includes(notification.kind)) return decision;
  return withChanges(notify(decision, notification), { said: [...said, notification.kind] });
}

/** A card update, if what people see has changed. The passing of time alone is not a change. */
export function updateCardIfChanged({ watch, send }: Decision, now: number): Decision {
  const state = cardStateOf(watch);
  if (!state) return { watch, send };
  const what = visibleStateOf(state);
  const timesPassed = !state.final && state.seenAt - watch.shown.at >= timesPassAfterMs;
  if (what === watch.shown.what && !timesPassed) return { watch, send };
  const cardUpdate: OutboxEntry = { kind: 'card', state };
  return { watch: { ...watch, shown: { at: now, what } }, send: [...send, cardUpdate] };
}

/** Rate and time left are not part of it: while the counts stand still, they change only with the clock. */
function visibleStateOf(state: CardState): string {
  const { statusText, moved, toMove, failureReason, destinationArn, customRate } = state.task;
  return JSON.stringify([
    [statusText, moved, toMove, failureReason, destinationArn, customRate],
    state.watchers,
    state.newer?.startedAt,
    state.newer?.finished,
    state.cannotPoll?.since,
    state.notListed,
    state.final ? state.depth : undefined,
    ...(state.followed ? [state.followed] : []),
    ...(state.startedBy === undefined ? [] : [state.startedBy]),
    ...(state.forbidden ? ['forbidden'] : []),
  ]);
}
