import type { MoveTasks } from '../operations/move-tasks.ts';
import { type AskAsRole, createAskAsRole } from './ask-as-role.ts';
import { moveTasksOver } from './queue-questions.ts';
import { createRoleAccess, type RoleAccess, type RoleAccessOptions } from './role-access.ts';
import { createSqsClients } from './sqs-clients.ts';

export type MoveTasksOptions = RoleAccessOptions;

/**
 * Asks SQS over the AWS SDK, as each queue's role. Region and role come from the queue; credentials of the bot's own
 * and endpoints come from the SDK's environment variables.
 */
export function createMoveTasks(options: MoveTasksOptions = {}): MoveTasks & { stop(): void } {
  const access = createRoleAccess(options);
  return { ...moveTasksOver(askOverTheSdk(access)), stop: access.stop };
}

type Access = Pick<RoleAccess, 'connections' | 'sessions' | 'timeouts'>;

export function askOverTheSdk({ connections, sessions, timeouts }: Access): AskAsRole {
  const patience = connections.patience(timeouts.call);
  return createAskAsRole({ sqsOf: createSqsClients(connections), sessions, patience });
}
