import type { Outcome, Problem } from '../../domain/problem.ts';
import type { Queue } from '../../domain/queue.ts';
import {
  depthMatters,
  mayBeFurtherBack,
  mostTasksListed,
  type QueueLook,
} from '../../domain/watch/sighting.ts';
import type { Watch } from '../../domain/watch/watch.ts';
import type { Depth, MoveTasks } from '../move-tasks.ts';

export type LookPorts = { moveTasks: MoveTasks; clock: () => number; lookTimeoutMs?: number };

const longestLookMs = 60_000;

/**
 * One look at a queue for all its watches: the list, as short as will do, and the depth where it matters.
 * It never throws and never takes longer than the timeout, whatever AWS does.
 */
export async function lookAt(queue: Queue, watches: readonly Watch[], ports: LookPorts): Promise<QueueLook> {
  const at = ports.clock();
  const look = lookInTurn(queue, watches, ports, at).catch((error: unknown) =>
    failed(at, problemOf(queue, error instanceof Error ? error.message : String(error))),
  );
  return withTimeout(look, ports.lookTimeoutMs ?? longestLookMs, () =>
    failed(at, problemOf(queue, 'no answer in time', 'unreachable')),
  );
}

async function lookInTurn(queue: Queue, watches: readonly Watch[], { moveTasks }: LookPorts, at: number) {
  const asked = Math.min(mostTasksListed, Math.max(1, ...watches.map((watch) => watch.position + 1)));
  const short = await moveTasks.list(queue, asked);
  if (!short.ok) return failed(at, short.problem);
  const needsMore = watches.some((watch) => mayBeFurtherBack(short.value, watch.startedAt, asked));
  const list = needsMore ? await moveTasks.list(queue, mostTasksListed) : short;
  const calls = needsMore ? 2 : 1;
  if (!list.ok) return failed(at, list.problem, calls);
  const tasks = list.value;
  const depth = watches.some((watch) => depthMatters(watch, tasks))
    ? await moveTasks.depth(queue)
    : undefined;
  return { at, calls, found: { ok: true as const, tasks }, ...messagesIn(depth) };
}

/** All messages: one that somebody is looking at is in flight, and has neither gone nor come back. */
export function messagesIn(depth: Outcome<Depth> | undefined): { depth?: number } {
  if (!depth?.ok) return {};
  const { waiting, inFlight, delayed } = depth.value;
  return { depth: waiting + inFlight + delayed };
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
