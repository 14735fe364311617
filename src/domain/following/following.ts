import * as z from 'zod';
import { deliveryWithTimesClamped, postFields, undelivered } from '../delivery.ts';
import type { MoveTask } from '../move-task.ts';
import { isFinished } from '../move-task-status.ts';
import { readableItems } from '../readable-items.ts';
import { Followed, ObservedTask } from '../watch/watch.ts';
import { TaskStart, taskStartIn } from './start-call.ts';

/** A pending question who started a task. Plain data; every time is epoch milliseconds. */
export const StarterQuestion = TaskStart.omit({ queueArn: true }).extend({ askAt: z.number() });
export type StarterQuestion = z.infer<typeof StarterQuestion>;

const minute = 60_000;
/** CloudTrail usually lists a call after about five minutes, and rarely after more than fifteen. */
const askedAfter = [0.5, 2, 5, 9, 15].map((minutes) => minutes * minute);

/** For a task that is older than that, ask only once. */
export function questionAbout(startedAt: number, tasks: readonly MoveTask[], now: number): StarterQuestion {
  return { ...taskStartIn(tasks, startedAt), askAt: nextAskAt(startedAt, now) ?? now };
}

/** Undefined if it is not worth asking again. */
export function askAgainLater(question: StarterQuestion, now: number): StarterQuestion | undefined {
  const askAt = nextAskAt(question.startedAt, now);
  return askAt === undefined ? undefined : { ...question, askAt };
}

function nextAskAt(startedAt: number, now: number): number | undefined {
  return askedAfter.map((after) => startedAt + after).find((at) => at > now);
}

/** A task to announce in the queue's channel. It is stored until the announcement has certainly been delivered. */
export const Announcement = z.object({
  /** Identifies one task of one queue forever. */
  key: z.string(),
  /** Epoch milliseconds. Together with the queue this identifies the task. */
  startedAt: z.number(),
  startedBy: Followed.shape.startedBy,
  seen: ObservedTask,
  ...postFields,
});
export type Announcement = z.infer<typeof Announcement>;

/** What is known about a followed queue. Plain data; every time is epoch milliseconds. */
export const Following = z.object({
  queueArn: z.string(),
  /** Tasks that began then or earlier are not news. Absent until SQS has answered once. */
  knownUpTo: z.number().exactOptional(),
  announcements: readableItems(Announcement),
  /** Tasks for which to ask who started them. */
  questions: readableItems(StarterQuestion).exactOptional(),
});
export type Following = z.infer<typeof Following>;

export type FollowedPoll = { at: number; tasks: readonly MoveTask[]; depth?: number };

/** After a longer absence of the bot, tasks that have ended meanwhile are not news. */
const endedIsNewsForMs = 24 * 3_600_000;

type Identified = MoveTask & { startedAt: number };

/** Tasks that began since the last poll, oldest first; on the first poll, those that have not ended. */
export function newsIn({ knownUpTo }: Following, { at, tasks }: FollowedPoll): Identified[] {
  const isNews = (task: Identified) =>
    knownUpTo === undefined
      ? !isFinished(task)
      : task.startedAt > knownUpTo && (!isFinished(task) || at - task.startedAt < endedIsNewsForMs);
  return identified(tasks)
    .filter(isNews)
    .sort((one, other) => one.startedAt - other.startedAt);
}

/** After a poll: adds announcements of new tasks, and updates waiting ones with the current state of their task. */
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

/** After the same poll: adds the question who started each new task. */
export function withQuestions(following: Following, poll: FollowedPoll, now: number): Following {
  const news = newsIn(following, poll).map(({ startedAt }) => questionAbout(startedAt, poll.tasks, now));
  return { ...following, questions: [...(following.questions ?? []), ...news] };
}

/** A task without a start time can't be distinguished from others. */
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
    ...undelivered(now),
  };
}

/** An announcement that may already be in the channel is not changed. */
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
  changes: Partial<Announcement>,
): Following {
  const announcements = following.announcements.map((one) =>
    one.key === key ? { ...one, ...changes } : one,
  );
  return { ...following, announcements };
}

export function dueAnnouncements({ announcements }: Following, now: number): Announcement[] {
  return announcements.filter(({ notBefore }) => notBefore <= now);
}

export function nextAnnouncementAt({ announcements }: Following): number | undefined {
  return announcements.length > 0 ? Math.min(...announcements.map((one) => one.notBefore)) : undefined;
}

export function withoutAnnouncement(following: Following, key: string): Following {
  return { ...following, announcements: following.announcements.filter((one) => one.key !== key) };
}

export function dueQuestions({ questions = [] }: Following, now: number): StarterQuestion[] {
  return questions.filter(({ askAt }) => askAt <= now);
}

export function nextQuestionAt({ questions = [] }: Following): number | undefined {
  return questions.length > 0 ? Math.min(...questions.map(({ askAt }) => askAt)) : undefined;
}

/** CloudTrail does not know it yet: ask again later, unless that is no longer worth it. */
export function unanswered(following: Following, startedAt: number, now: number): Following {
  const questions = (following.questions ?? []).flatMap((one) =>
    one.startedAt === startedAt ? (askAgainLater(one, now) ?? []) : one,
  );
  return { ...following, questions };
}

/** It is known who started the task, or never will be: a card that is not posted yet will say so. */
export function answered(following: Following, startedAt: number, startedBy?: string): Following {
  return {
    ...following,
    questions: (following.questions ?? []).filter((one) => one.startedAt !== startedAt),
    announcements: following.announcements.map((one) =>
      one.startedAt === startedAt && startedBy !== undefined ? { ...one, startedBy } : one,
    ),
  };
}

/** Like `withTimesClamped` for a watch: corrects what was stored while the clock was ahead. */
export function followingWithTimesClamped(following: Following, now: number, latest: number): Following {
  const { announcements, questions } = following;
  return {
    ...following,
    announcements: announcements.map((one) => ({
      ...deliveryWithTimesClamped(one, now, latest),
      seen: { ...one.seen, at: Math.min(one.seen.at, now) },
    })),
    ...(questions && {
      questions: questions.map((one) => ({ ...one, askAt: Math.min(one.askAt, latest) })),
    }),
  };
}

const second = 1000;
const longestWait = 15 * 60 * second;

/** A fifth more or less, so that the polls of many queues stay spread over time. */
export function nextFollowPollAfter(
  now: number,
  { everySeconds, failures, random }: { everySeconds: number; failures: number; random: number },
): number {
  const every = everySeconds * second;
  const wanted = Math.min(every * 2 ** Math.min(failures, 20), Math.max(longestWait, every));
  return Math.ceil(now + wanted * (0.8 + 0.4 * random));
}
