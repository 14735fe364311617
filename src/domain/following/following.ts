import { isFinished, type MoveTask } from '../move-task.ts';
import type { Followed, TaskSeen } from '../watch/watch.ts';

/** A task that the queue's channel is to be told of. It is kept until it has been told for certain. */
export type Announcement = Followed & {
  /** Stands for one task of one queue, for ever. */
  key: string;
  /** Epoch milliseconds: with the queue the identity of the task. */
  startedAt: number;
  seen: TaskSeen;
  /** A try has begun and its outcome is not known: the card may stand in the channel already. */
  maybeTold: boolean;
  since: number;
  notBefore: number;
  failures: number;
};

/** What is known of a queue whose tasks its channel is told of. Plain data; every time is epoch milliseconds. */
export type Following = {
  queueArn: string;
  /** No task that began then or earlier is news. Absent until SQS has answered once. */
  knownUpTo?: number;
  announcements: readonly Announcement[];
};

export type FollowLook = { at: number; tasks: readonly MoveTask[]; depth?: number };

/** After a longer absence of the bot, what has ended meanwhile is history, not news. */
const endedIsNewsForMs = 24 * 3_600_000;

type Identified = MoveTask & { startedAt: number };

/** Those that began since the last look, oldest first; on the first one, those that have not ended. */
export function newsIn({ knownUpTo }: Following, { at, tasks }: FollowLook): Identified[] {
  const isNews = (task: Identified) =>
    knownUpTo === undefined
      ? !isFinished(task)
      : task.startedAt > knownUpTo && (!isFinished(task) || at - task.startedAt < endedIsNewsForMs);
  return identified(tasks)
    .filter(isNews)
    .sort((one, other) => one.startedAt - other.startedAt);
}

/** After a look: what is new waits to be told, and what waits already shows how its task is now. */
export function withNews(following: Following, look: FollowLook, now: number): Following {
  const { queueArn, announcements, knownUpTo = 0 } = following;
  const starts = identified(look.tasks).map(({ startedAt }) => startedAt);
  const fresh = newsIn(following, look).map((task) => announcementOf(queueArn, task, look, now));
  return {
    queueArn,
    knownUpTo: Math.max(knownUpTo, ...starts),
    announcements: [...announcements.map((one) => seenAgain(one, look)), ...fresh],
  };
}

/** A task without a start cannot be told from another. */
function identified(tasks: readonly MoveTask[]): Identified[] {
  return tasks.flatMap((task) =>
    task.startedAt === undefined ? [] : [{ ...task, startedAt: task.startedAt }],
  );
}

function announcementOf(queueArn: string, task: Identified, look: FollowLook, now: number): Announcement {
  return {
    key: `${queueArn}/${task.startedAt}/began`,
    startedAt: task.startedAt,
    seen: seenIn(look, task),
    maybeTold: false,
    since: now,
    notBefore: now,
    failures: 0,
  };
}

/** One that may stand in the channel already keeps what it says there. */
function seenAgain(announcement: Announcement, look: FollowLook): Announcement {
  const task = look.tasks.find(({ startedAt }) => startedAt === announcement.startedAt);
  return task && !announcement.maybeTold ? { ...announcement, seen: seenIn(look, task) } : announcement;
}

function seenIn({ at, depth }: FollowLook, task: MoveTask): TaskSeen {
  return { task, at, ...(depth !== undefined && { depth }) };
}

export function changeAnnouncement(
  following: Following,
  key: string,
  how: (announcement: Announcement) => Announcement,
): Following {
  const announcements = following.announcements.map((one) => (one.key === key ? how(one) : one));
  return { ...following, announcements };
}

export function dueAnnouncements({ announcements }: Following, now: number): Announcement[] {
  return announcements.filter(({ notBefore }) => notBefore <= now);
}

/** When something is to be told next; nothing waits: undefined. */
export function nextAnnouncementAt({ announcements }: Following): number | undefined {
  return announcements.length > 0 ? Math.min(...announcements.map((one) => one.notBefore)) : undefined;
}

export function withoutAnnouncement(following: Following, key: string): Following {
  return { ...following, announcements: following.announcements.filter((one) => one.key !== key) };
}
