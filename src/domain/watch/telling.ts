import { isFinished, type MoveTask } from '../move-task.ts';
import type { Problem } from '../problem.ts';
import type { CountAt } from '../progress.ts';
import type { Followed, NewerTask, TaskSeen, Watch } from './watch.ts';

/**
 * What a watched card shows. Its rate and time left are `progressOf(task, seenAt, earlier)`. Of two states of one
 * card the one with the later `seenAt` counts (when equal: the one told later), and nothing replaces a final one.
 */
export type CardState = {
  queueArn: string;
  task: MoveTask;
  seenAt: number;
  earlier: readonly CountAt[];
  final: boolean;
  /** Empty: nobody watches (any more), or there is nothing left to watch on it. */
  watchers: readonly string[];
  /** The channel follows the queue, and the task has not ended, or had ended before it was noticed. */
  followed?: Followed;
  /** Who started the task, where that is known. */
  startedBy?: string;
  newer?: NewerTask;
  /** Why the card may be old: AWS cannot be asked since then. Said after five minutes. */
  cannotSee?: { since: number; problem: Problem };
  notListed: boolean;
  /** All messages in the DLQ, approximate. */
  depth?: number;
};

/** How long the task took. SQS tells no end, so it lies between the last look that saw it run and the first that did not. */
export type EndTiming = {
  /** Absent: it was never seen running. */
  atLeastMs?: number;
  atMostMs: number;
  /** Only when the two are close enough to name one number; `meanRate` is messages a second. */
  aboutMs?: number;
  meanRate?: number;
};

export type GaveUpBecause = 'not-seen-for-a-day' | 'two-days-since-start' | 'queue-not-in-settings';

/** Something to say in the card's thread. Which text, and whether it is broadcast, is for the messenger to decide. */
export type Notice =
  | { kind: 'joined'; user: string }
  | { kind: 'ended'; task: MoveTask; timing: EndTiming; depth?: number; newer?: NewerTask }
  /** `more`: than at the end. `moreThanTold`: than the last time this was said, if it was. */
  | { kind: 'bounced-back'; depth: number; more: number; moreThanTold?: number; sinceEndMs: number }
  | { kind: 'stalled'; task: MoveTask; forMs: number }
  | { kind: 'too-slow'; task: MoveTask; secondsLeft: number; limitAt: number }
  | { kind: 'not-listed'; lastSeen?: TaskSeen; newer?: NewerTask }
  | { kind: 'cannot-see'; problem: Problem; forMs: number }
  | { kind: 'can-see-again'; forMs: number }
  | { kind: 'gave-up'; because: GaveUpBecause; lastSeen?: TaskSeen; problem?: Problem };

/**
 * `correction`: the notice with this key says something older; edit it, never post another.
 * A key stands for one notice of one watch, for ever.
 */
export type Telling =
  | { kind: 'card'; state: CardState }
  | { kind: 'notice'; key: string; notice: Notice }
  | { kind: 'correction'; key: string; notice: Notice };

/** Where a message that was told stands. */
export type MessagePlace = { channel: string; ts: string };

export type Decision = { watch: Watch; tell: Telling[] };

export function say(watch: Watch, notice: Notice, which?: string | number): Telling {
  return { kind: 'notice', key: keyOf(watch, notice.kind, which), notice };
}

export function keyOf(watch: Watch, kind: Notice['kind'], which?: string | number): string {
  return which === undefined ? `${watch.id}/${kind}` : `${watch.id}/${kind}/${which}`;
}

/** The card as it should be now; nothing before the task was seen, or once the card is gone. */
export function cardStateOf(watch: Watch): CardState | undefined {
  if (!watch.seen || watch.cardGone) return undefined;
  const { task, at } = watch.seen;
  const depth = watch.end ? watch.end.depth : watch.seen.depth;
  return {
    queueArn: watch.queueArn,
    task,
    seenAt: at,
    earlier: watch.counts.filter((count) => count.at < at),
    final: isFinished(task),
    watchers: watch.phase === 'running' ? watch.watchers : [],
    ...followedState(watch),
    ...(watch.newer && { newer: watch.newer }),
    ...(watch.blind?.told && { cannotSee: { since: watch.blind.since, problem: watch.blind.problem } }),
    notListed: watch.said.includes('not-listed') && watch.absences > 0,
    ...(depth !== undefined && { depth }),
  };
}

/** What a card says of the channel that follows its queue, and of who started the task. */
export function followedState({
  phase,
  followed,
}: Pick<Watch, 'phase' | 'followed'>): Pick<CardState, 'followed' | 'startedBy'> {
  if (!followed) return {};
  const { startedBy, endedUnseen } = followed;
  return {
    ...((phase === 'running' || endedUnseen) && { followed }),
    ...(startedBy !== undefined && { startedBy }),
  };
}
