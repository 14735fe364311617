import * as z from 'zod';
import type { Following } from '../domain/following/following.ts';
import { Followed, optional, TaskSeen } from './kept-watch.ts';

const Announcement = Followed.extend({
  key: z.string(),
  startedAt: z.number(),
  seen: TaskSeen,
  maybeTold: z.boolean(),
  since: z.number(),
  notBefore: z.number(),
  failures: z.number(),
});

const FollowingSchema = z.object({
  queueArn: z.string(),
  knownUpTo: optional(z.number()),
  announcements: z.array(Announcement),
});

/** Throws for anything that is not a whole following. */
export function parseFollowing(text: string): Following {
  return FollowingSchema.parse(JSON.parse(text));
}
