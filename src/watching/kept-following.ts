import * as z from 'zod/mini';
import type { Following } from '../domain/following/following.ts';
import { Followed, optional, TaskSeen } from './kept-watch.ts';

const Announcement = z.extend(z.pick(Followed, { startedBy: true }), {
  key: z.string(),
  startedAt: z.number(),
  seen: TaskSeen,
  maybeTold: z.boolean(),
  since: z.number(),
  notBefore: z.number(),
  failures: z.number(),
});

const Question = z.object({
  startedAt: z.number(),
  previousStartedAt: optional(z.number()),
  askAt: z.number(),
});

export const FollowingSchema = z.object({
  queueArn: z.string(),
  knownUpTo: optional(z.number()),
  announcements: z.array(Announcement),
  questions: optional(z.array(Question)),
});

/** Throws for anything that is not a whole following. */
export function parseFollowing(text: string): Following {
  return FollowingSchema.parse(JSON.parse(text));
}
