import * as z from 'zod';
import { AwsError } from '../aws-error.ts';
import { CardPlace } from '../message-place.ts';
import { CountAt, MoveTask, SourceDepth } from '../move-task.ts';
import { fieldsOf } from '../unknown-value.ts';

/**
 * A task as one poll found it, the epoch milliseconds at which the poll was sent, and the number of messages in the
 * queue at that time.
 */
export const ObservedTask = z.object({
  task: MoveTask,
  at: z.number(),
  depth: z.number().exactOptional(),
  /** Where its messages go, and how many are there. */
  source: SourceDepth.exactOptional(),
});
export type ObservedTask = z.infer<typeof ObservedTask>;

export const NewerTask = z.object({ startedAt: z.number(), finished: z.boolean() });
export type NewerTask = z.infer<typeof NewerTask>;

/** Why nothing has been seen since `since`: polls failed. */
export const FailedPolls = z.object({
  since: z.number(),
  awsError: AwsError,
  polls: z.number(),
  said: z.boolean(),
});
export type FailedPolls = z.infer<typeof FailedPolls>;

/** What is known once the task has ended. Depths count all messages in the queue and are approximate. */
export const End = z.object({
  seenAt: z.number(),
  lastRunning: ObservedTask.exactOptional(),
  /** Absent while unknown, or when another task was already moving messages. */
  depth: z.number().exactOptional(),
  highestDepthSaid: z.number().exactOptional(),
  /** The bounce-back polls up to this many milliseconds after the end are done. */
  checkedUpToMs: z.number(),
  failedPolls: z.number(),
});
export type End = z.infer<typeof End>;

/**
 * The card's channel follows the queue: the watch needs no watcher and continues when the last one leaves.
 * `startedBy`: who started the task, if that is known. `endedUnseen`: it had ended before it was first seen.
 */
export const Followed = z.object({
  startedBy: z.string().exactOptional(),
  endedUnseen: z.literal(true).exactOptional(),
});
export type Followed = z.infer<typeof Followed>;

/** The counts of one poll; `more`: how many messages are back in the DLQ at least, where that could be told. */
const CountedPoll = z.object({ at: z.number(), moved: z.number(), more: z.number().exactOptional() });
export type CountedPoll = z.infer<typeof CountedPoll>;

export const ComingBack = z.object({
  /** The first depth, and what had been moved by then. */
  base: z.number().exactOptional(),
  /** Oldest first: those of the last two minutes, and the one before them. */
  polls: z.array(CountedPoll).readonly(),
  /** How many messages have said so, the number in the last one when it was posted, and the number it shows now. */
  said: z.object({ times: z.number(), posted: z.number(), atLeast: z.number() }).exactOptional(),
});
export type ComingBack = z.infer<typeof ComingBack>;

/**
 * `running` until the task has ended, `settling` until the poll that corrects its numbers,
 * `bouncing` while messages may come back, then `over`.
 */
const WatchPhase = z.enum(['running', 'settling', 'bouncing', 'over']);
export type WatchPhase = z.infer<typeof WatchPhase>;

/** The promise to keep one card current until one task ends. Plain data; every time is epoch milliseconds. */
const WatchFields = z.object({
  id: z.string(),
  queueArn: z.string(),
  /** Together with the queue's ARN this identifies the task. */
  startedAt: z.number(),
  card: CardPlace,
  /** Slack user ids in the order of joining. */
  watchers: z.array(z.string()).readonly(),
  /** Who has been named in the thread since the watch began. */
  named: z.array(z.string()).readonly(),
  createdAt: z.number(),
  phase: WatchPhase,
  nextPollAt: z.number(),
  /** ListMessageMoveTasks calls made for it; polls shared from another watch of the queue are not counted. */
  polls: z.number(),
  /** Where in the list the task was last found: 0 is the newest. */
  position: z.number(),
  seen: ObservedTask.exactOptional(),
  /** The last few counts, oldest first. */
  counts: z.array(CountAt).readonly(),
  comingBack: ComingBack.exactOptional(),
  /** When the count or the status last changed; epoch milliseconds. */
  progressedAt: z.number().exactOptional(),
  cannotPoll: FailedPolls.optional(),
  /** How often it has been said that polls are failing. */
  cannotPollSaid: z.number(),
  /** Polls in a row that SQS answered without the task, and polls in a row that did not see it for any reason. */
  absences: z.number(),
  pollsWithoutTask: z.number(),
  newer: NewerTask.optional(),
  /** Kinds of notifications that are sent once and have been, including those of newer versions. */
  said: z.array(z.string()).readonly(),
  end: End.exactOptional(),
  /** What the last card update showed, and when; empty before the first one. */
  shown: z.object({ at: z.number(), what: z.string() }),
  /** The card was deleted: there is nothing to update. */
  cardGone: z.boolean(),
  followed: Followed.exactOptional(),
  /** It ended because the settings no longer allow its queue or its channel. */
  forbidden: z.literal(true).exactOptional(),
});

/** An unknown phase of a newer version never ends a watch: it depends on whether the task has ended. */
function inKnownPhase(value: unknown): unknown {
  const { phase, end } = fieldsOf(value);
  if (typeof phase !== 'string' || WatchPhase.safeParse(phase).success) return value;
  return { ...fieldsOf(value), phase: end === undefined ? 'running' : 'bouncing' };
}

export const Watch = z.preprocess(inKnownPhase, WatchFields);
export type Watch = z.infer<typeof Watch>;

type NewWatch = Pick<Watch, 'id' | 'queueArn' | 'startedAt' | 'card' | 'followed'> & { now: number };

/** A watch that no one has joined yet; its first poll is due at once. */
export function newWatch({ now, ...given }: NewWatch): Watch {
  return {
    ...given,
    watchers: [],
    named: [],
    createdAt: now,
    phase: 'running',
    nextPollAt: now,
    polls: 0,
    position: 0,
    counts: [],
    cannotPollSaid: 0,
    absences: 0,
    pollsWithoutTask: 0,
    said: [],
    shown: { at: 0, what: '' },
    cardGone: false,
  };
}
