import type { Outcome } from '../domain/aws-error.ts';
import { isFinished, type MoveTask, type SourceDepth } from '../domain/move-task.ts';
import { parseQueueArn, type Queue } from '../domain/queue.ts';
import { createExpiring } from './expiring.ts';
import type { MoveTasks } from './move-tasks.ts';
import { within } from './within.ts';

export type SourceDepthDeps = {
  depth: MoveTasks['depth'];
  /** ARNs of the queues that use it as their dead-letter queue. */
  sources(queue: Queue): Promise<Outcome<readonly string[]>>;
  clock: () => number;
};

const minute = 60_000;
/** The names of source queues hardly ever change. */
const sourcesLastMs = 15 * minute;
/** How long to leave a role alone if it isn't allowed to ask; after any other failure, a minute. */
const deniedLastsMs = 30 * minute;
const failureLastsMs = minute;
/** No one waits longer for a number that is only nice to have. */
const patienceMs = 2_000;

/**
 * How many messages wait where a running task's messages go. Undefined where AWS does not say, or where the messages go
 * to more than one queue; that is no error to anybody.
 */
export function createSourceDepth({ depth, sources, clock }: SourceDepthDeps): Required<MoveTasks>['source'] {
  const lifeOf = (answer: Outcome<unknown>, readAt: number) => {
    const lastsMs = answer.ok ? sourcesLastMs : lastsAfter(answer);
    return { freshUntil: readAt + lastsMs, servesUntil: readAt + lastsMs };
  };
  const known = createExpiring<Outcome<readonly string[]>>({ clock, lifeOf });
  const silentUntil = new Map<string, number>();

  async function sourceOf(queue: Queue, { destinationArn }: MoveTask): Promise<string | undefined> {
    if (destinationArn !== undefined) return destinationArn;
    const found = await known.get(queue.arn, () => sources(queue));
    const [only, ...others] = found.ok ? found.value : [];
    return others.length === 0 ? only : undefined;
  }

  async function ask(queue: Queue, task: MoveTask): Promise<SourceDepth | undefined> {
    const arn = await sourceOf(queue, task);
    const parts = arn === undefined ? undefined : parseQueueArn(arn);
    if (arn === undefined || parts?.accountId !== queue.accountId || parts.region !== queue.region)
      return undefined;
    const key = `${queue.role.arn} ${arn}`;
    if (clock() < (silentUntil.get(key) ?? 0)) return undefined;
    const found = await depth({ ...queue, ...parts, arn });
    if (found.ok) return { name: parts.name, depth: found.value };
    silentUntil.set(key, clock() + lastsAfter(found));
    return undefined;
  }

  return async (queue, task) => {
    if (isFinished(task)) return undefined;
    const asked = ask(queue, task).catch(() => undefined);
    return within(patienceMs, asked, () => undefined);
  };
}

function lastsAfter({ awsError }: Extract<Outcome<unknown>, { ok: false }>): number {
  return awsError.kind === 'access-denied' || awsError.kind === 'queue-missing'
    ? deniedLastsMs
    : failureLastsMs;
}
