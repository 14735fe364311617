import type { Queue } from '../../domain/queue.ts';
import {
  type AskedTogether,
  type AskPorts,
  askWhoStarted,
  dropQuestions,
} from '../../operations/following/ask-who-started.ts';
import type { LocalFollowStore } from '../../operations/following/follow-store.ts';
import type { Jobs } from './jobs.ts';

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
export function createQuestionWork(options: QuestionWorkOptions) {
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
