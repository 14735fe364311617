import type { MoveTask } from '../move-task.ts';
import type { Problem } from '../problem.ts';
import type { CountAt } from '../progress.ts';

/** The Slack message that shows the task. `threadTs`: the thread it stands in, when it is itself a reply. */
export type CardPlace = { channel: string; ts: string; threadTs?: string };

/**
 * A task as one look found it, the epoch milliseconds at which that look was sent, and all the messages the queue
 * held then.
 */
export type TaskSeen = { task: MoveTask; at: number; depth?: number };

/** A later task of the same queue. */
export type NewerTask = { startedAt: number; finished: boolean };

/** Why nothing has been seen since `since`: AWS could not be asked. */
export type Blindness = { since: number; problem: Problem; looks: number; told: boolean };

/** What is known once the task has ended. Depths are all the messages in the queue, and approximate. */
export type End = {
  seenAt: number;
  lastRunning?: TaskSeen;
  /** Absent while unknown, or when another task was already moving messages. */
  depth?: number;
  highestDepthTold?: number;
  /** The bounce-back looks up to this many milliseconds after the end are done. */
  checkedUpToMs: number;
  failedLooks: number;
};

/**
 * The card's channel follows the queue: the watch needs no person and goes on when the last one leaves.
 * `startedBy`: who started the task, where that is known. `endedUnseen`: it had ended before it was noticed.
 */
export type Followed = { startedBy?: string; endedUnseen?: true };

/**
 * `running` until the task has ended, `settling` until the look that corrects its numbers,
 * `bouncing` while messages may come back, then `over`.
 */
export type WatchPhase = 'running' | 'settling' | 'bouncing' | 'over';

/** The promise to keep one card current until one task ends. Plain data; every time is epoch milliseconds. */
export type Watch = {
  id: string;
  queueArn: string;
  /** With the queue's ARN the identity of the task. */
  startedAt: number;
  card: CardPlace;
  /** Slack user ids in the order of joining. */
  watchers: readonly string[];
  /** Who has been named in the thread since the watch began. */
  named: readonly string[];
  createdAt: number;
  phase: WatchPhase;
  nextLookAt: number;
  /** ListMessageMoveTasks calls made for it; looks borrowed from another watch of the queue are not counted. */
  looks: number;
  /** Where in the list the task was last found: 0 is the newest. */
  position: number;
  seen?: TaskSeen;
  /** The last few counts, oldest first. */
  counts: readonly CountAt[];
  /** When the count or the status last changed. */
  progressedAt?: number;
  blind?: Blindness | undefined;
  /** How often it has been said that nothing can be seen. */
  blindnessesTold: number;
  /** Looks in a row that answered without the task, and looks in a row that did not see it for whatever reason. */
  absences: number;
  unseenLooks: number;
  newer?: NewerTask | undefined;
  said: readonly SaidOnce[];
  end?: End;
  /** What the card was last told to show, and when; empty before the first time. */
  shown: { at: number; what: string };
  /** The card was deleted: there is nothing to edit. */
  cardGone: boolean;
  followed?: Followed;
};

export type SaidOnce = 'stalled' | 'too-slow' | 'not-listed';

export type WatchSettings = {
  minPollSeconds: number;
  maxPollSeconds: number;
  /** Seconds after the end at which the DLQ's depth is compared. */
  bounceBackAfterSeconds: readonly number[];
};

export const defaultWatchSettings: WatchSettings = {
  minPollSeconds: 5,
  maxPollSeconds: 300,
  bounceBackAfterSeconds: [60, 300, 900],
};

export type NewWatch = {
  id: string;
  queueArn: string;
  startedAt: number;
  card: CardPlace;
  now: number;
  followed?: Followed;
};

/** A watch that nobody has joined yet; its first look is due at once. */
export function newWatch({ id, queueArn, startedAt, card, now, followed }: NewWatch): Watch {
  return {
    id,
    queueArn,
    startedAt,
    card,
    watchers: [],
    named: [],
    createdAt: now,
    phase: 'running',
    nextLookAt: now,
    looks: 0,
    position: 0,
    counts: [],
    blindnessesTold: 0,
    absences: 0,
    unseenLooks: 0,
    said: [],
    shown: { at: 0, what: '' },
    cardGone: false,
    ...(followed && { followed }),
  };
}
