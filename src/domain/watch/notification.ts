import * as z from 'zod';
import { AwsError } from '../aws-error.ts';
import { CountAt, MoveTask, SourceDepth } from '../move-task.ts';
import { Followed, NewerTask, ObservedTask, type Watch } from './watch.ts';

/**
 * What a watched card shows. Its rate and time left are `progressOf(task, seenAt, earlier)`. Of two states of one
 * card the later `seenAt` wins (if equal, the one delivered later), and nothing replaces a final one.
 */
export const CardState = z.object({
  queueArn: z.string(),
  task: MoveTask,
  seenAt: z.number(),
  earlier: z.array(CountAt).readonly(),
  final: z.boolean(),
  /** Empty: no one is watching, or there is nothing left to watch. */
  watchers: z.array(z.string()).readonly(),
  /** The channel follows the queue, and the task has not ended, or had ended before it was seen. */
  followed: Followed.exactOptional(),
  startedBy: z.string().exactOptional(),
  newer: NewerTask.exactOptional(),
  /** Why the card may be out of date: polls have failed since then. Shown after five minutes. */
  cannotPoll: z.object({ since: z.number(), awsError: AwsError }).exactOptional(),
  notListed: z.boolean(),
  /** The settings no longer allow the watch: this is the last that the card shows. */
  forbidden: z.literal(true).exactOptional(),
  /** All messages in the DLQ, approximate. */
  depth: z.number().exactOptional(),
  source: SourceDepth.exactOptional(),
});
export type CardState = z.infer<typeof CardState>;

/** How long the task took. SQS reports no end time: it is between the last poll that saw it run and the next one. */
export const EndTiming = z.object({
  /** Absent: it was never seen running. */
  atLeastMs: z.number().exactOptional(),
  atMostMs: z.number(),
  /** Only if the two are close enough to state one number. `meanRate` is messages per second. */
  aboutMs: z.number().exactOptional(),
  meanRate: z.number().exactOptional(),
});
export type EndTiming = z.infer<typeof EndTiming>;

/** `another`: a reason from a newer version. */
export const GaveUpBecause = z
  .enum(['not-seen-for-a-day', 'two-days-since-start', 'queue-not-in-settings', 'another'])
  .catch('another');
export type GaveUpBecause = z.infer<typeof GaveUpBecause>;

/** A message in the card's thread. The notifier decides on its text and whether it is broadcast. */
export const Notification = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('joined'), user: z.string() }),
  z.object({
    kind: z.literal('ended'),
    task: MoveTask,
    timing: EndTiming,
    depth: z.number().exactOptional(),
    newer: NewerTask.exactOptional(),
    /** At least this many messages came back while it ran. */
    cameBack: z.number().exactOptional(),
  }),
  /** `atLeast`: this many messages are back in the DLQ or newly failed. */
  z.object({ kind: z.literal('coming-back'), atLeast: z.number(), task: MoveTask }),
  /** `more`: than at the end. `moreThanSaid`: than when this was last said, if ever. */
  z.object({
    kind: z.literal('bounced-back'),
    depth: z.number(),
    more: z.number(),
    moreThanSaid: z.number().exactOptional(),
    sinceEndMs: z.number(),
  }),
  z.object({ kind: z.literal('stalled'), task: MoveTask, forMs: z.number() }),
  z.object({ kind: z.literal('too-slow'), task: MoveTask, secondsLeft: z.number(), limitAt: z.number() }),
  z.object({
    kind: z.literal('not-listed'),
    lastSeen: ObservedTask.exactOptional(),
    newer: NewerTask.exactOptional(),
  }),
  z.object({ kind: z.literal('cannot-see'), awsError: AwsError, forMs: z.number() }),
  z.object({ kind: z.literal('can-see-again'), forMs: z.number() }),
  z.object({
    kind: z.literal('gave-up'),
    because: GaveUpBecause,
    lastSeen: ObservedTask.exactOptional(),
    awsError: AwsError.exactOptional(),
  }),
]);
export type Notification = z.infer<typeof Notification>;

/**
 * `correction`: the notification with this key is out of date; edit it, never post another.
 * A key identifies one notification of one watch forever.
 */
export type OutboxEntry =
  | { kind: 'card'; state: CardState }
  | { kind: 'notification'; key: string; notification: Notification }
  | { kind: 'correction'; key: string; notification: Notification };

export type Decision = { watch: Watch; send: OutboxEntry[] };

export function notificationFor(
  watch: Watch,
  notification: Notification,
  which?: string | number,
): OutboxEntry {
  return { kind: 'notification', key: keyOf(watch, notification.kind, which), notification };
}

export function keyOf(watch: Watch, kind: Notification['kind'], which?: string | number): string {
  return which === undefined ? `${watch.id}/${kind}` : `${watch.id}/${kind}/${which}`;
}
