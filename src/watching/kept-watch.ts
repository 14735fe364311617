import * as z from 'zod/mini';
import { moveTaskStatuses } from '../domain/move-task.ts';
import { problemKinds } from '../domain/problem.ts';
import type { KeptWatch } from '../domain/watch/outbox.ts';

/** The shape of a stored watch, for rows that an older or a newer version wrote, or a disk has damaged. */
export const optional = z.exactOptional;
const count = z.number();
const time = z.number();

const MoveTask = z.object({
  status: z.enum(moveTaskStatuses),
  statusText: z.string(),
  destinationArn: optional(z.string()),
  customRate: optional(z.number()),
  moved: optional(count),
  toMove: optional(count),
  failureReason: optional(z.string()),
  startedAt: optional(time),
});
const Problem = z.object({
  kind: z.enum(problemKinds),
  service: z.enum(['SQS', 'STS']),
  action: z.string(),
  roleArn: z.string(),
  code: z.string(),
  detail: z.string(),
  requestId: optional(z.string()),
});
const CardPlace = z.object({ channel: z.string(), ts: z.string(), threadTs: optional(z.string()) });
export const Followed = z.object({
  startedBy: optional(z.string()),
  endedUnseen: optional(z.literal(true)),
});
export const TaskSeen = z.object({ task: MoveTask, at: time, depth: optional(count) });
const NewerTask = z.object({ startedAt: time, finished: z.boolean() });
const CountAt = z.object({ at: time, moved: count });
const Blindness = z.object({ since: time, problem: Problem, looks: count, told: z.boolean() });
const End = z.object({
  seenAt: time,
  lastRunning: optional(TaskSeen),
  depth: optional(count),
  highestDepthTold: optional(count),
  checkedUpToMs: z.number(),
  failedLooks: count,
});

const Watch = z.object({
  id: z.string(),
  queueArn: z.string(),
  startedAt: time,
  card: CardPlace,
  watchers: z.array(z.string()),
  named: z.array(z.string()),
  createdAt: time,
  phase: z.enum(['running', 'settling', 'bouncing', 'over']),
  nextLookAt: time,
  looks: count,
  position: count,
  seen: optional(TaskSeen),
  counts: z.array(CountAt),
  progressedAt: optional(time),
  blind: optional(Blindness),
  blindnessesTold: count,
  absences: count,
  unseenLooks: count,
  newer: optional(NewerTask),
  said: z.array(z.enum(['stalled', 'too-slow', 'not-listed'])),
  end: optional(End),
  shown: z.object({ at: time, what: z.string() }),
  cardGone: z.boolean(),
  followed: optional(Followed),
});

const CardState = z.object({
  queueArn: z.string(),
  task: MoveTask,
  seenAt: time,
  earlier: z.array(CountAt),
  final: z.boolean(),
  watchers: z.array(z.string()),
  followed: optional(Followed),
  startedBy: optional(z.string()),
  newer: optional(NewerTask),
  cannotSee: optional(z.object({ since: time, problem: Problem })),
  notListed: z.boolean(),
  depth: optional(count),
});
const Timing = z.object({
  atLeastMs: optional(z.number()),
  atMostMs: z.number(),
  aboutMs: optional(z.number()),
  meanRate: optional(z.number()),
});
const Notice = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('joined'), user: z.string() }),
  z.object({
    kind: z.literal('ended'),
    task: MoveTask,
    timing: Timing,
    depth: optional(count),
    newer: optional(NewerTask),
  }),
  z.object({
    kind: z.literal('bounced-back'),
    depth: count,
    more: count,
    moreThanTold: optional(count),
    sinceEndMs: z.number(),
  }),
  z.object({ kind: z.literal('stalled'), task: MoveTask, forMs: z.number() }),
  z.object({ kind: z.literal('too-slow'), task: MoveTask, secondsLeft: z.number(), limitAt: time }),
  z.object({ kind: z.literal('not-listed'), lastSeen: optional(TaskSeen), newer: optional(NewerTask) }),
  z.object({ kind: z.literal('cannot-see'), problem: Problem, forMs: z.number() }),
  z.object({ kind: z.literal('can-see-again'), forMs: z.number() }),
  z.object({
    kind: z.literal('gave-up'),
    because: z.enum(['not-seen-for-a-day', 'two-days-since-start', 'queue-not-in-settings']),
    lastSeen: optional(TaskSeen),
    problem: optional(Problem),
  }),
]);
const KeptNotice = z.object({
  key: z.string(),
  notice: Notice,
  version: count,
  told: count,
  place: optional(z.object({ channel: z.string(), ts: z.string() })),
  maybeTold: z.boolean(),
  since: time,
  notBefore: time,
  failures: count,
});
const KeptEdit = z.object({
  state: CardState,
  version: count,
  since: time,
  notBefore: time,
  failures: count,
});

export const KeptWatchSchema = z.object({
  watch: Watch,
  outbox: z.object({ notices: z.array(KeptNotice), edit: optional(KeptEdit) }),
});

/** Throws for anything that is not a whole watch. */
export function parseKeptWatch(text: string): KeptWatch {
  return KeptWatchSchema.parse(JSON.parse(text));
}
