import type { Action } from '../../domain/actions/action.ts';
import { type Check, checksOf, type Found, newestKnownOf } from '../../domain/actions/start-form.ts';
import { allMessages } from '../../domain/depth.ts';
import type { Queue } from '../../domain/queue.ts';
import { tasksListedAtMost } from '../../domain/sqs-limits.ts';
import type { ActionPorts } from './ports.ts';

type Ports = Pick<ActionPorts, 'store' | 'redrives' | 'moveTasks'>;
/** `id`: of the action that is checked itself. */
type About = Pick<Action, 'destinationArn'> & Partial<Pick<Action, 'id'>>;

export type StartChecks = Found & {
  checks: Check[];
  /** Checks with ✗. */
  failed: Check[];
  /** Waiting, in flight and delayed; undefined if they could not be counted. */
  messages?: number;
  newestKnown: number;
};

/** Everything that the form shows and a start needs, in parallel. */
export async function checkStart(queue: Queue, about: About, ports: Ports): Promise<StartChecks> {
  const { store, redrives, moveTasks } = ports;
  const [tasks, depth, sources, open] = await Promise.all([
    moveTasks.list(queue, tasksListedAtMost),
    moveTasks.depth(queue),
    redrives.sources(queue),
    store.openOf(queue.arn),
  ]);
  const { destinationArn, id } = about;
  const found: Found = {
    ...{ tasks, depth, sources },
    ...(open && open.id !== id && { open }),
    ...(destinationArn !== undefined && { destinationArn }),
  };
  const checks = checksOf(found);
  return {
    ...found,
    checks,
    failed: checks.filter(({ mark }) => mark === 'no'),
    ...(depth.ok && { messages: allMessages(depth.value) }),
    newestKnown: newestKnownOf(tasks.ok ? tasks.value : []),
  };
}
