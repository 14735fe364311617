import pLimit from 'p-limit';
import type { Queue } from '../domain/queue.ts';
import { mayBeSeenIn } from './access.ts';
import type { Answer, OverviewRow } from './answer.ts';
import type { CheckQueueDeps } from './check-queue.ts';

/** Looks at once; more would only queue up inside the SDK. */
const looksAtOnce = 20;
/** After this a queue's row says that there was no answer yet. */
const patienceMs = 4_000;

/** One row for every queue this channel may see; a slow or refused queue costs its own row only. */
export async function overviewOf(channelId: string, deps: CheckQueueDeps): Promise<Answer> {
  const seenAt = deps.clock();
  const limit = pLimit(looksAtOnce);
  const visible = deps.queues.filter((queue) => mayBeSeenIn(queue, channelId));
  const patience = AbortSignal.timeout(patienceMs);
  const rows = await Promise.all(
    visible.map((queue) =>
      inTime(
        limit(() => rowOf(queue, deps)),
        queue,
        patience,
      ),
    ),
  );
  limit.clearQueue();
  return { kind: 'overview', overview: { rows, seenAt } };
}

async function rowOf(queue: Queue, { moveTasks }: CheckQueueDeps): Promise<OverviewRow> {
  const [tasks, depth] = await Promise.all([moveTasks.list(queue, 1), moveTasks.depth(queue)]);
  const [task] = tasks.ok ? tasks.value : [];
  return {
    queue,
    ...(task && { task }),
    ...(depth.ok && { depth: depth.value }),
    ...(!tasks.ok && { problem: tasks.problem }),
  };
}

function inTime(row: Promise<OverviewRow>, queue: Queue, patience: AbortSignal): Promise<OverviewRow> {
  const late = new Promise<OverviewRow>((resolve) => {
    const giveUp = () => resolve({ queue, problem: noAnswerYet(queue) });
    if (patience.aborted) giveUp();
    else patience.addEventListener('abort', giveUp, { once: true });
  });
  return Promise.race([row, late]);
}

function noAnswerYet(queue: Queue) {
  return {
    kind: 'unreachable' as const,
    service: 'SQS' as const,
    action: 'sqs:ListMessageMoveTasks',
    roleArn: queue.role.arn,
    code: 'NoAnswerYet',
    detail: '',
  };
}
