import * as z from 'zod';
import { deliveryFields } from '../delivery.ts';
import { isFinished, type MoveTask } from '../move-task.ts';
import { understood } from '../understood.ts';
import { Followed, ObservedTask } from '../watch/watch.ts';
import { askedInVain, questionAbout, StarterQuestion } from './question.ts';

/** A task that the queue's channel is to be told of. It is kept until it has been told for certain. */
export const Announcement = z.object({
  /** Stands for one task of one queue, for ever. */
  key: z.string(),
  /** Epoch milliseconds: with the queue the identity of the task. */
  startedAt: z.number(),
  startedBy: Followed.shape.startedBy,
  seen: ObservedTask,
  /** A try has begun and its outcome is not known: the card may stand in the channel already. */
  maybeDelivered: z.boolean(),
  ...deliveryFields,
});
export type Announcement = z.infer<typeof Announcement>;

/** What is known of a queue whose tasks its channel is told of. Plain data; every time is epoch milliseconds. */
export const Following = z.object({
  queueArn: z.string(),
  /** No task that began then or earlier is news. Absent until SQS has answered once. */
  knownUpTo: z.number().exactOptional(),
  announcements: understood(Announcement),
  /** Tasks of which it is still to be asked who began them. */
  questions: understood(StarterQuestion).exactOptional(),
});
export type Following = z.infer<typeof Following>;

export type FollowedPoll = { at: number; tasks: readonly MoveTask[]; depth?: number };

/** After a longer absence of the bot, what has ended meanwhile is history, not news. */
const endedIsNewsForMs = 24 * 3_600_000;

type Identified = MoveTask & { startedAt: number };

/** Those that began since the last look, oldest first; on the first one, those that have not ended. */
export function newsIn({ knownUpTo }: Following, { at, tasks }: FollowedPoll): Identified[] {
  const isNews = (task: Identified) =>
    knownUpTo === undefined
      ? !isFinished(task)
      : task.startedAt > knownUpTo && (!isFinished(task) || at - task.startedAt < endedIsNewsForMs);
  return identified(tasks)
    .filter(isNews)
    .sort((one, other) => one.startedAt - other.startedAt);
}

/** After a look: what is new waits to be told, and what waits already shows how its task is now. */
export function withNews(following: Following, poll: FollowedPoll, now: number): Following {
  const { queueArn, announcements, knownUpTo = 0 } = following;
  const starts = identified(poll.tasks).map(({ startedAt }) => startedAt);
  const fresh = newsIn(following, poll).map((task) => announcementOf(queueArn, task, poll, now));
  return {
    ...following,
    knownUpTo: Math.max(knownUpTo, ...starts),
    announcements: [...announcements.map((one) => seenAgain(one, poll)), ...fresh],
  };
}

/** After the same look: who began what is news is to be asked, too. */
export function withQuestions(following: Following, poll: FollowedPoll, now: number): Following {
  const news = newsIn(following, poll).map(({ startedAt }) => questionAbout(startedAt, poll.tasks, now));
  return { ...following, questions: [...(following.questions ?? []), ...news] };
}

/** A task without a start cannot be told from another. */
function identified(tasks: readonly MoveTask[]): Identified[] {
  return tasks.flatMap((task) =>
    task.startedAt === undefined ? [] : [{ ...task, startedAt: task.startedAt }],
  );
}

function announcementOf(queueArn: string, task: Identified, poll: FollowedPoll, now: number): Announcement {
  return {
    key: `${queueArn}/${task.startedAt}/began`,
    startedAt: task.startedAt,
    seen: seenIn(poll, task),
    maybeDelivered: false,
    since: now,
    notBefore: now,
    failures: 0,
  };
}

/** One that may stand in the channel already keeps what it says there. */
function seenAgain(announcement: Announcement, poll: FollowedPoll): Announcement {
  const task = poll.tasks.find(({ startedAt }) => startedAt === announcement.startedAt);
  return task && !announcement.maybeDelivered ? { ...announcement, seen: seenIn(poll, task) } : announcement;
}

function seenIn({ at, depth }: FollowedPoll, task: MoveTask): ObservedTask {
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

export function dueQuestions({ questions = [] }: Following, now: number): StarterQuestion[] {
  return questions.filter(({ askAt }) => askAt <= now);
}

/** When who began a task is to be asked next; nothing to ask: undefined. */
export function nextQuestionAt({ questions = [] }: Following): number | undefined {
  return questions.length > 0 ? Math.min(...questions.map(({ askAt }) => askAt)) : undefined;
}

/** CloudTrail does not know it yet: asked again later, unless it is not worth that any more. */
export function unanswered(following: Following, startedAt: number, now: number): Following {
  const questions = (following.questions ?? []).flatMap((one) =>
    one.startedAt === startedAt ? (askedInVain(one, now) ?? []) : one,
  );
  return { ...following, questions };
}

/** Who began the task is known, or will not be: a card that waits to be posted says so. */
export function answered(following: Following, startedAt: number, startedBy?: string): Following {
  return {
    ...following,
    questions: (following.questions ?? []).filter((one) => one.startedAt !== startedAt),
    announcements: following.announcements.map((one) =>
      one.startedAt === startedAt && startedBy !== undefined ? { ...one, startedBy } : one,
    ),
  };
}

/** As `withNothingAhead` of a watch: what was kept while the clock was ahead of what it is now. */
export function followingWithNothingAhead(following: Following, now: number, latest: number): Following {
  const { announcements, questions } = following;
  return {
    ...following,
    announcements: announcements.map((one) => ({
      ...one,
      seen: { ...one.seen, at: Math.min(one.seen.at, now) },
      since: Math.min(one.since, now),
      notBefore: Math.min(one.notBefore, latest),
    })),
    ...(questions && {
      questions: questions.map((one) => ({ ...one, askAt: Math.min(one.askAt, latest) })),
    }),
  };
}
