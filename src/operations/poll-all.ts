import pLimit, { type LimitFunction } from 'p-limit';
import type { AwsError, Outcome } from '../domain/aws-error.ts';
import type { Queue } from '../domain/queue.ts';
import type { Role } from '../domain/role.ts';
import type { Overview, OverviewRow } from './answer.ts';
import type { MoveTasks } from './move-tasks.ts';

export type PollAllDeps = {
  moveTasks: MoveTasks;
  clock: () => number;
  /** Aborts when no one is waiting any longer. */
  patience?: () => AbortSignal;
};

/** One row per queue. A queue that is slow or denied affects only its own row. */
export type PollAll = (queues: readonly Queue[]) => Promise<Overview>;

/** Calls at once, shared by all overviews of the process. */
const callsAtOnce = 120;
/** So that a slow account does not use them all. */
const callsAtOnceToOneRole = 8;
/** Leaves one of five seconds for Slack. */
const fourSeconds = () => AbortSignal.timeout(4_000);

export function createPollAll({ moveTasks, clock, patience = fourSeconds }: PollAllDeps): PollAll {
  const inTurn = createTurns();

  return async (queues) => {
    const seenAt = clock();
    const signal = patience();
    const late = aborted(signal);

    const asked = <T>(queue: Queue, action: string, call: () => Promise<Outcome<T>>): Promise<Outcome<T>> => {
      const noAnswer = { ok: false, awsError: noAnswerYet(queue, action) } as const;
      const called = inTurn(queue.role, async () => (signal.aborted ? noAnswer : call()));
      return Promise.race([called, late.then(() => noAnswer)]);
    };
    const rowOf = async (queue: Queue): Promise<OverviewRow> => {
      const [tasks, depth] = await Promise.all([
        asked(queue, 'sqs:ListMessageMoveTasks', () => moveTasks.list(queue, 1, signal)),
        asked(queue, 'sqs:GetQueueAttributes', () => moveTasks.depth(queue, signal)),
      ]);
      const [task] = tasks.ok ? tasks.value : [];
      return {
        queue,
        task,
        ...(!tasks.ok && { awsError: tasks.awsError }),
        ...(depth.ok ? { depth: depth.value } : { depthError: depth.awsError }),
      };
    };
    return { rows: await Promise.all(queues.map(rowOf)), seenAt };
  };
}

function createTurns() {
  const overall = pLimit(callsAtOnce);
  const ofRole = new Map<string, LimitFunction>();
  return <T>(role: Role, work: () => Promise<T>): Promise<T> => {
    const limit = ofRole.get(role.arn) ?? pLimit(callsAtOnceToOneRole);
    ofRole.set(role.arn, limit);
    return limit(() => overall(work));
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) resolve();
  else signal.addEventListener('abort', () => resolve(), { once: true });
  return promise;
}

function noAnswerYet({ role, region }: Queue, action: string): AwsError {
  const kind = 'unreachable';
  return { kind, service: 'SQS', action, roleArn: role.arn, region, code: 'NoAnswerYet', detail: '' };
}
