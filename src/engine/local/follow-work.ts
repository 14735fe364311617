import { nextFollowPollAfter } from '../../domain/following/following.ts';
import type { Queue } from '../../domain/queue.ts';
import { awsFacts } from '../../operations/aws-error-facts.ts';
import {
  type AnnouncePorts,
  announcePending,
  type FollowedQueue,
  followedAmong,
} from '../../operations/following/announce-pending.ts';
import {
  type AskedTogether,
  type AskPorts,
  askWhoStarted,
  dropQuestions,
  type StartCalls,
} from '../../operations/following/ask-who-started.ts';
import type { LocalFollowStore } from '../../operations/following/follow-store.ts';
import { type PollFollowedPorts, pollFollowedQueue } from '../../operations/following/followed-queue.ts';
import type { Jobs } from './jobs.ts';

type FollowWorkOptions = Omit<AnnouncePorts, 'store'> &
  Omit<PollFollowedPorts, 'store' | 'asksWho'> & {
    store: LocalFollowStore;
    jobs: Jobs;
    queues: readonly Queue[];
    /** How far apart the polls of one queue are, a fifth more or less. */
    everySeconds: number;
    /** Absent: the bot does not ask who started a task. */
    startCalls?: StartCalls;
  };

/** When to poll a queue, and how many polls in a row have failed. Not stored: after a restart all are polled again. */
type Due = { queue: FollowedQueue; at: number; failures: number };

/** The longest wait for what was stored while the clock was ahead. */
const longestWaitMs = 5 * 60_000;

export function createFollowWork(options: FollowWorkOptions) {
  const { store, jobs, clock, random, log, everySeconds, startCalls } = options;
  const followed = followedAmong(options.queues);
  const plan = spread(followed, everySeconds, clock());
  const questions =
    startCalls && createQuestionWork({ store, jobs, clock, log, startCalls, queues: followed });

  const nextAt = (failures: number) =>
    nextFollowPollAfter(clock(), { everySeconds, failures, random: random() });

  async function poll(due: Due): Promise<void> {
    const { queue, failures } = due;
    const polled = await pollFollowedQueue(queue, { ...options, asksWho: startCalls !== undefined });
    const facts = { queue: queue.arn, alias: queue.alias };
    if (!polled.ok && failures === 0) {
      log.warn(
        { ...facts, awsError: polled.awsError.kind, aws: [awsFacts(polled.awsError)] },
        'could not poll a followed queue; retrying',
      );
    }
    if (polled.ok && failures > 0) log.info(facts, 'can poll a followed queue again');
    due.failures = polled.ok ? 0 : failures + 1;
    due.at = nextAt(due.failures);
  }

  function beginPoll(due: Due): void {
    const key = `news ${due.queue.arn}`;
    if (jobs.isTaken(key)) return;
    due.at = nextAt(due.failures);
    jobs.begin('news', key, () => poll(due));
  }

  return {
    /** Before anything is begun: corrects what an earlier process left. */
    recover: () => {
      const now = clock();
      const arns = followed.map(({ arn }) => arn);
      const dropped = store.recover(arns, now, now + longestWaitMs);
      if (dropped.length > 0) {
        log.warn({ queues: dropped }, 'dropped announcements: the settings no longer follow these queues');
      }
    },
    begin: () => {
      const now = clock();
      const due = plan.filter(({ at }) => at <= now).sort((one, other) => one.at - other.at);
      for (const one of due.slice(0, jobs.free('news'))) beginPoll(one);
      const waiting = store.dueQueues(now).filter((arn) => !jobs.isTaken(`announce ${arn}`));
      for (const arn of waiting.slice(0, jobs.free('announcement'))) {
        const queue = followed.find((one) => one.arn === arn);
        if (queue) jobs.begin('announcement', `announce ${arn}`, () => announcePending(queue, options));
      }
      questions?.begin();
    },
    /** When the next poll or announcement after `now` is due. */
    nextDue: (now: number) => {
      const others = [store.nextDue(now), questions?.nextDue(now)].map((at) => at ?? Infinity);
      const times = [...plan.map(({ at }) => at), ...others].filter((at) => at > now);
      return times.length > 0 ? Math.min(...times) : undefined;
    },
  };
}

/** The first polls are spread over one interval, so that a start does not ask AWS for everything at once. */
function spread(queues: readonly FollowedQueue[], everySeconds: number, now: number): Due[] {
  return queues.map((queue, index) => ({
    queue,
    at: now + (index * everySeconds * 1000) / queues.length,
    failures: 0,
  }));
}

type QuestionWorkOptions = Omit<AskPorts, 'store'> & {
  store: LocalFollowStore;
  jobs: Jobs;
  queues: readonly Queue[];
};

/**
 * `restsUntil`: CloudTrail answers at most twice a second. `deniedUntil`: asking earlier is pointless. Neither is
 * stored.
 */
type Group = { key: string; queues: AskedTogether; restsUntil: number; deniedUntil: number };

const restMs = 1_000;
const deniedForMs = 24 * 3_600_000;

/** Asks who started what was announced: one call for everything that is due for a role and region. */
function createQuestionWork(options: QuestionWorkOptions) {
  const { store, jobs, clock } = options;
  const groups = groupsOf(options.queues);

  async function ask(group: Group): Promise<void> {
    if (group.deniedUntil > clock()) return dropQuestions(group.queues, options);
    const outcome = await askWhoStarted(group.queues, options);
    group.restsUntil = clock() + restMs;
    if (outcome === 'denied') group.deniedUntil = clock() + deniedForMs;
  }

  return {
    begin: () => {
      const now = clock();
      const waiting = new Set(store.questionedQueues(now));
      const due = groups.filter(
        ({ key, queues, restsUntil }) =>
          restsUntil <= now && !jobs.isTaken(key) && queues.some(({ arn }) => waiting.has(arn)),
      );
      for (const group of due.slice(0, jobs.free('question')))
        jobs.begin('question', group.key, () => ask(group));
    },
    /** When a question that waits for its group can be asked. */
    nextDue: (now: number) => {
      const times = groups.map(({ restsUntil }) => restsUntil).filter((at) => at > now);
      return times.length > 0 ? Math.min(...times) : undefined;
    },
  };
}

function groupsOf(queues: readonly Queue[]): Group[] {
  const groups = new Map<string, AskedTogether>();
  for (const queue of queues) {
    const key = `question ${queue.role.arn} ${queue.region}`;
    const known = groups.get(key);
    groups.set(key, known ? [...known, queue] : [queue]);
  }
  return [...groups].map(([key, together]) => ({ key, queues: together, restsUntil: 0, deniedUntil: 0 }));
}
