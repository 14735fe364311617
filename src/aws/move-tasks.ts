import { GetQueueAttributesCommand, ListMessageMoveTasksCommand } from '@aws-sdk/client-sqs';
import type { Outcome } from '../domain/aws-error.ts';
import type { Depth } from '../domain/depth.ts';
import { queueUrl } from '../domain/partitions.ts';
import type { Queue } from '../domain/queue.ts';
import { tasksListedAtMost } from '../domain/tasks-listed.ts';
import type { MoveTasks } from '../operations/move-tasks.ts';
import { createSourceDepth } from '../operations/source-depth.ts';
import { type AskAsRole, createAskAsRole } from './ask-as-role.ts';
import { awsErrorFrom } from './aws-error-from.ts';
import { cleanTasks, depthAttributes, depthOf } from './read-answers.ts';
import { createRoleAccess, type RoleAccessOptions } from './role-access.ts';
import { sourceQueues } from './source-queues.ts';

/**
 * Calls SQS with the AWS SDK and each queue's role. Region and role come from the queue; the bot's own credentials and
 * the endpoints come from the SDK's environment variables.
 */
export function createMoveTasks(options: RoleAccessOptions = {}): MoveTasks & { stop(): void } {
  const access = createRoleAccess(options);
  const ask = createAskAsRole(access);
  return { ...withSourceDepth(moveTasksWith(ask), ask, access.clock), stop: access.stop };
}

/** The same, and also says how many messages are in the queue that a running task's messages go to. */
export function withSourceDepth(moveTasks: MoveTasks, ask: AskAsRole, clock: () => number): MoveTasks {
  const sources = (queue: Queue) => sourceQueues(queue, ask);
  return { ...moveTasks, source: createSourceDepth({ depth: moveTasks.depth, sources, clock }) };
}

export function moveTasksWith(ask: AskAsRole): MoveTasks {
  return {
    async list(queue, atMost, signal) {
      const wanted = Math.min(Math.max(Math.trunc(atMost) || 1, 1), tasksListedAtMost);
      const input = { SourceArn: queue.arn, MaxResults: wanted };
      const answer = await ask(
        queue,
        'sqs:ListMessageMoveTasks',
        (sqs, options) => sqs.send(new ListMessageMoveTasksCommand(input), options),
        signal,
      );
      return answer.ok ? { ok: true, value: cleanTasks(answer.value.Results, wanted) } : answer;
    },
    async depth(queue, signal) {
      const input = { QueueUrl: queueUrl(queue), AttributeNames: [...depthAttributes] };
      const answer = await ask(
        queue,
        'sqs:GetQueueAttributes',
        (sqs, options) => sqs.send(new GetQueueAttributesCommand(input), options),
        signal,
      );
      return answer.ok ? depthOutcome(queue, answer.value.Attributes) : answer;
    },
  };
}

function depthOutcome(queue: Queue, attributes: unknown): Outcome<Depth> {
  const depth = depthOf(attributes);
  if (depth) return { ok: true, value: depth };
  const { role, region } = queue;
  const attempt = { service: 'SQS', action: 'sqs:GetQueueAttributes', roleArn: role.arn, region } as const;
  return { ok: false, awsError: awsErrorFrom({ name: 'NoCountsInAnswer' }, attempt) };
}
