import { GetQueueAttributesCommand, ListMessageMoveTasksCommand } from '@aws-sdk/client-sqs';
import type { MoveTask } from '../domain/move-task.ts';
import type { Outcome } from '../domain/problem.ts';
import type { Queue } from '../domain/queue.ts';
import { type Depth, type MoveTasks, tasksListedAtMost } from '../operations/move-tasks.ts';
import { type AskAsRole, createAskAsRole, type Send } from './ask-as-role.ts';
import { cleanTasks } from './clean-tasks.ts';
import { createConnections } from './connections.ts';
import { depthAttributes, depthOf } from './depth.ts';
import { problemFrom } from './problem-from.ts';
import { queueUrl } from './queue-url.ts';
import { patientTimeouts, type Timeouts } from './timeouts.ts';

export type MoveTasksOptions = { clock?: () => number; timeouts?: Partial<Timeouts> };

/**
 * Asks SQS over the AWS SDK, as each queue's role. Region and role come from the queue; credentials of the bot's own
 * and endpoints come from the SDK's environment variables.
 */
export function createMoveTasks(options: MoveTasksOptions = {}): MoveTasks & { stop(): void } {
  const timeouts = { ...patientTimeouts, ...options.timeouts };
  const connections = createConnections(timeouts);
  const ask = createAskAsRole(connections, { timeouts, clock: options.clock ?? Date.now });
  return { ...moveTasksOver(ask), stop: () => connections.close() };
}

/** The two questions, over whatever sends them. */
export function moveTasksOver(ask: AskAsRole): MoveTasks {
  return {
    list(queue, atMost, signal) {
      const wanted = Math.min(Math.max(Math.trunc(atMost) || 1, 1), tasksListedAtMost);
      const command = new ListMessageMoveTasksCommand({ SourceArn: queue.arn, MaxResults: wanted });
      const send: Send<MoveTask[]> = async (sqs, sending) =>
        cleanTasks((await sqs.send(command, sending)).Results, wanted);
      return ask(queue, 'sqs:ListMessageMoveTasks', send, signal);
    },
    async depth(queue, signal) {
      const command = new GetQueueAttributesCommand({
        QueueUrl: queueUrl(queue),
        AttributeNames: [...depthAttributes],
      });
      const send: Send<unknown> = async (sqs, sending) => (await sqs.send(command, sending)).Attributes;
      const attributes = await ask(queue, depthAction, send, signal);
      return attributes.ok ? depthOutcome(queue, attributes.value) : attributes;
    },
  };
}

const depthAction = 'sqs:GetQueueAttributes';

function depthOutcome(queue: Queue, attributes: unknown): Outcome<Depth> {
  const depth = depthOf(attributes);
  if (depth) return { ok: true, value: depth };
  const attempt = { service: 'SQS', action: depthAction, roleArn: queue.role.arn } as const;
  return { ok: false, problem: problemFrom({ name: 'NoCountsInAnswer' }, attempt) };
}
