import * as z from 'zod';
import { CardPlace, nowhere } from '../message-place.ts';
import { isFinished, MoveTask } from '../move-task.ts';
import type { Watch } from '../watch/watch.ts';

export const StartedBy = z.object({
  requester: z.string(),
  /** Who approved it, or submitted it without approvers. */
  decider: z.string().exactOptional(),
  reason: z.string(),
});
export type StartedBy = z.infer<typeof StartedBy>;

/** A redrive that the bot saw end. Its identity is the queue's ARN and the start. Times are epoch milliseconds. */
export const PastRedrive = z.object({
  queueArn: z.string(),
  startedAt: z.number(),
  /** As last seen, and when that was. */
  task: MoveTask,
  seenAt: z.number(),
  /** The first poll that saw it ended. */
  endedBy: z.number(),
  /** Messages left in the DLQ, and the most that were counted there in the minutes after. */
  left: z.number().exactOptional(),
  highest: z.number().exactOptional(),
  startedHere: StartedBy.exactOptional(),
  /** Who started it elsewhere, as CloudTrail says. Untrusted. */
  startedElsewhere: z.string().exactOptional(),
  card: CardPlace.exactOptional(),
});
export type PastRedrive = z.infer<typeof PastRedrive>;

export type SeenRedrive = Pick<Watch, 'queueArn' | 'startedAt' | 'seen' | 'end' | 'card' | 'followed'>;

/** What a watch knows of a redrive that has ended. Undefined: the bot has not seen it end. */
export function pastRedriveOf(watch: SeenRedrive, startedHere?: StartedBy): PastRedrive | undefined {
  const { queueArn, startedAt, seen, end, card, followed } = watch;
  if (!seen || !isFinished(seen.task)) return undefined;
  return {
    queueArn,
    startedAt,
    task: seen.task,
    seenAt: seen.at,
    endedBy: end?.seenAt ?? seen.at,
    ...(end?.depth !== undefined && { left: end.depth }),
    ...(end?.highestDepthSaid !== undefined && { highest: end.highestDepthSaid }),
    ...(startedHere && { startedHere: StartedBy.parse(startedHere) }),
    ...(followed?.startedBy !== undefined && { startedElsewhere: followed.startedBy }),
    ...(card.channel !== nowhere.channel && { card }),
  };
}

/** Combines what two watches know of one redrive, or one watch at two times. Nothing known is lost. */
export function joinedRedrives(before: PastRedrive, next: PastRedrive): PastRedrive {
  const [older, newer] = next.seenAt < before.seenAt ? [next, before] : [before, next];
  return {
    ...older,
    ...newer,
    endedBy: Math.min(before.endedBy, next.endedBy),
    ...bound('left', Math.min, before, next),
    ...bound('highest', Math.max, before, next),
    ...(before.card && { card: before.card }),
  };
}

function bound(
  name: 'left' | 'highest',
  of: (...counts: number[]) => number,
  ...both: readonly PastRedrive[]
): Partial<Pick<PastRedrive, 'left' | 'highest'>> {
  const counts = both.flatMap((one) => one[name] ?? []);
  return counts.length === 0 ? {} : { [name]: of(...counts) };
}

/** How many more messages were in the DLQ some minutes after the end. */
export function cameBack({ left, highest }: PastRedrive): number {
  return left === undefined || highest === undefined ? 0 : Math.max(0, highest - left);
}
