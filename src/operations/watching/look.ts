import type { Problem } from '../../domain/problem.ts';
import type { Queue } from '../../domain/queue.ts';
import {
  depthMatters,
  mayBeFurtherBack,
  mostTasksListed,
  type QueueLook,
} from '../../domain/watch/sighting.ts';
import type { Watch } from '../../domain/watch/watch.ts';
import type { MoveTasks } from '../move-tasks.ts';

export type LookPorts = { moveTasks: MoveTasks; clock: () => number; lookTimeoutMs?: number };

/** A task to look for, and where in the list it was last found. */
export type Sought = Pick<Watch, 'startedAt' | 'position' | 'phase'>;

const longestLookMs = 60_000;

/**
 * One look at a queue for all who seek a task of it: the list, as short as will do, and the depth where it matters, or
 * `withDepth` always. It never throws and never takes longer than the timeout, whatever AWS does.
 */
export async function lookAt(
  queue: Queue,
  sought: readonly Sought[],
  ports: LookPorts,
  { withDepth = false } = {},
): Promise<QueueLook> {
  const { clock, lookTimeoutMs = longestLookMs } = ports;
  const at = clock();
  const look = lookInTurn({ queue, sought, withDepth, at }, ports).catch((error: unknown) =>
    failed(at, problemOf(queue, error instanceof Error ? error.message : String(error))),
  );
  return withTimeout(look, lookTimeoutMs, () =>
    failed(at, problemOf(queue, 'no answer in time', 'unreachable')),
  );
}

type Wanted = { queue: Queue; sought: readonly Sought[]; withDepth: boolean; at: number };

async function lookInTurn({ queue, sought, withDepth, at }: Wanted, { moveTasks }: LookPorts) {
  const askedAnyway = withDepth ? moveTasks.depth(queue) : undefined;
  const asked = Math.min(mostTasksListed, Math.max(1, ...sought.map(({ position }) => position + 1)));
  const short = await moveTasks.list(queue, asked);
  if (!short.ok) return failed(at, short.problem);
  const needsMore = sought.some(({ startedAt }) => mayBeFurtherBack(short.value, startedAt, asked));
  const list = needsMore ? await moveTasks.list(queue, mostTasksListed) : short;
  const calls = needsMore ? 2 : 1;
  if (!list.ok) return failed(at, list.problem, calls);
  const tasks = list.value;
  const matters = withDepth || sought.some((task) => depthMatters(task, tasks));
  const depth = matters ? await (askedAnyway ?? moveTasks.depth(queue)) : undefined;
  return { at, calls, found: { ok: true as const, tasks }, ...(depth && { depth }) };
}

function failed(at: number, problem: Problem, calls = 1): QueueLook {
  return { at, calls, found: { ok: false, problem } };
}

function problemOf(queue: Queue, detail: string, kind: Problem['kind'] = 'unexpected'): Problem {
  return {
    kind,
    service: 'SQS',
    action: 'sqs:ListMessageMoveTasks',
    roleArn: queue.role.arn,
    code: kind === 'unreachable' ? 'Timeout' : 'Unexpected',
    detail: detail.slice(0, 300),
  };
}

async function withTimeout<T>(work: Promise<T>, ms: number, instead: () => T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(instead()), ms);
  });
  return Promise.race([work, timeout]).finally(() => clearTimeout(timer));
}
