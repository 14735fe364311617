import { type CardState, cardStateOf, type Decision, type Notice, say, type Telling } from './telling.ts';
import type { Watch } from './watch.ts';

/** A card is edited again without a visible change only this rarely, for the times that pass on it. */
const timesPassAfterMs = 10 * 60_000;

type SaidOnce = 'stalled' | 'too-slow' | 'not-listed';

/** A decision in the making: each rule takes one and returns the next. */
export function undecided(watch: Watch): Decision {
  return { watch, tell: [] };
}

export function change({ watch, tell }: Decision, changes: Partial<Watch>): Decision {
  return { watch: { ...watch, ...changes }, tell };
}

export function tellAlso({ watch, tell }: Decision, notice: Notice, which?: string | number): Decision {
  return { watch, tell: [...tell, say(watch, notice, which)] };
}

export function tellOnce(decision: Decision, notice: Extract<Notice, { kind: SaidOnce }>): Decision {
  const { said } = decision.watch;
  if (said.includes(notice.kind)) return decision;
  return change(tellAlso(decision, notice), { said: [...said, notice.kind] });
}

/** An edit of the card, if what people would see has changed; a clock that ticks on it is no change. */
export function showIfChanged({ watch, tell }: Decision, now: number): Decision {
  const state = cardStateOf(watch);
  if (!state) return { watch, tell };
  const what = visibleStateOf(state);
  const timesPassed = !state.final && state.seenAt - watch.shown.at >= timesPassAfterMs;
  if (what === watch.shown.what && !timesPassed) return { watch, tell };
  const edit: Telling = { kind: 'card', state };
  return { watch: { ...watch, shown: { at: now, what } }, tell: [...tell, edit] };
}

/** Rate and time left follow from the counts and the clock: while the counts stand still only the clock moves them. */
function visibleStateOf({
  task,
  watchers,
  newer,
  cannotSee,
  notListed,
  depth,
  final,
  followed,
  startedBy,
  forbidden,
}: CardState): string {
  const { statusText, moved, toMove, failureReason, destinationArn, customRate } = task;
  const shown = [statusText, moved, toMove, failureReason, destinationArn, customRate];
  return JSON.stringify([
    shown,
    watchers,
    newer?.startedAt,
    newer?.finished,
    cannotSee?.since,
    notListed,
    final ? depth : undefined,
    ...(followed ? [followed] : []),
    ...(startedBy === undefined ? [] : [startedBy]),
    ...(forbidden ? ['forbidden'] : []),
  ]);
}
