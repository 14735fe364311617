import type { AwsError } from '../../domain/aws-error.ts';
import type { MoveTask } from '../../domain/move-task.ts';
import { isFinished } from '../../domain/move-task-status.ts';
import type { Queue } from '../../domain/queue.ts';
import { tasksListedAtMost } from '../../domain/sqs-limits.ts';
import { depthMatters, mayBeFurtherBack, type QueuePoll } from '../../domain/watch/observation.ts';
import type { Watch } from '../../domain/watch/watch.ts';
import { messageOf } from '../../domain/wording.ts';
import type { MoveTasks } from '../move-tasks.ts';
import { within } from '../within.ts';

export type PollPorts = { moveTasks: MoveTasks; clock: () => number; pollTimeoutMs?: number };

/** A task to find, and where in the list it was last found. */
export type TaskToFind = Pick<Watch, 'startedAt' | 'position' | 'phase'>;

const longestPollMs = 60_000;

/**
 * One poll of a queue for all of its watches: the list, as short as possible, and the depth if it matters or if
 * `withDepth` is set. It never throws and never takes longer than the timeout, whatever AWS does.
 */
export async function pollQueue(
  queue: Queue,
  toFind: readonly TaskToFind[],
  ports: PollPorts,
  { withDepth = false } = {},
): Promise<QueuePoll> {
  const { clock, pollTimeoutMs = longestPollMs } = ports;
  const at = clock();
  const poll = listAndDepth({ queue, toFind, withDepth, at }, ports).catch((error: unknown) =>
    failed(at, awsErrorOf(queue, messageOf(error))),
  );
  return within(pollTimeoutMs, poll, () => failed(at, awsErrorOf(queue, 'no answer in time', 'unreachable')));
}

type Wanted = { queue: Queue; toFind: readonly TaskToFind[]; withDepth: boolean; at: number };

async function listAndDepth({ queue, toFind, withDepth, at }: Wanted, { moveTasks }: PollPorts) {
  const askedAnyway = withDepth ? moveTasks.depth(queue) : undefined;
  const asked = Math.min(tasksListedAtMost, Math.max(1, ...toFind.map(({ position }) => position + 1)));
  const short = await moveTasks.list(queue, asked);
  if (!short.ok) return failed(at, short.awsError);
  const needsMore = toFind.some(({ startedAt }) => mayBeFurtherBack(short.value, startedAt, asked));
  const list = needsMore ? await moveTasks.list(queue, tasksListedAtMost) : short;
  const calls = needsMore ? 2 : 1;
  if (!list.ok) return failed(at, list.awsError, calls);
  const tasks = list.value;
  const matters = withDepth || toFind.some((task) => depthMatters(task, tasks));
  const [depth, source] = matters
    ? await Promise.all([askedAnyway ?? moveTasks.depth(queue), sourceOfRunning(queue, tasks, moveTasks)])
    : [];
  return { at, calls, found: { ok: true as const, tasks }, ...(depth && { depth }), ...source };
}

/** Of a queue's tasks only one can be active. */
async function sourceOfRunning(
  queue: Queue,
  tasks: readonly MoveTask[],
  moveTasks: MoveTasks,
): Promise<Pick<QueuePoll, 'source'>> {
  const task = tasks.find((one) => !isFinished(one));
  const source = task && (await moveTasks.source?.(queue, task));
  return source && task?.startedAt !== undefined ? { source: { ...source, startedAt: task.startedAt } } : {};
}

function failed(at: number, awsError: AwsError, calls = 1): QueuePoll {
  return { at, calls, found: { ok: false, awsError } };
}

function awsErrorOf(queue: Queue, detail: string, kind: AwsError['kind'] = 'unexpected'): AwsError {
  return {
    kind,
    service: 'SQS',
    action: 'sqs:ListMessageMoveTasks',
    roleArn: queue.role.arn,
    region: queue.region,
    code: kind === 'unreachable' ? 'Timeout' : 'Unexpected',
    detail: detail.slice(0, 300),
  };
}
