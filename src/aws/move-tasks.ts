import type { Queue } from '../domain/queue.ts';
import type { MoveTasks } from '../operations/move-tasks.ts';
import { createSourceDepth } from '../operations/source-depth.ts';
import { type AskAsRole, createAskAsRole } from './ask-as-role.ts';
import { moveTasksWith } from './queue-questions.ts';
import { createRoleAccess, type RoleAccess, type RoleAccessOptions } from './role-access.ts';
import { sourceQueues } from './source-queues.ts';
import { createSqsClients } from './sqs-clients.ts';

export type MoveTasksOptions = RoleAccessOptions;

/**
 * Calls SQS with the AWS SDK and each queue's role. Region and role come from the queue; the bot's own credentials and
 * the endpoints come from the SDK's environment variables.
 */
export function createMoveTasks(options: MoveTasksOptions = {}): MoveTasks & { stop(): void } {
  const access = createRoleAccess(options);
  const ask = askWithTheSdk(access);
  return { ...withSourceDepth(moveTasksWith(ask), ask, access.clock), stop: access.stop };
}

/** The same, which also says how many messages are where those of a running task go. */
export function withSourceDepth(moveTasks: MoveTasks, ask: AskAsRole, clock: () => number): MoveTasks {
  const sources = (queue: Queue) => sourceQueues(queue, ask);
  return { ...moveTasks, source: createSourceDepth({ depth: moveTasks.depth, sources, clock }) };
}

type Access = Pick<RoleAccess, 'connections' | 'sessions' | 'timeouts'>;

export function askWithTheSdk({ connections, sessions, timeouts }: Access): AskAsRole {
  const withTimeLimit = connections.withTimeLimit(timeouts.call);
  return createAskAsRole({ sqsOf: createSqsClients(connections), sessions, withTimeLimit });
}
