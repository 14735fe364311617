import type { Outcome } from '../domain/aws-error.ts';
import type { Depth } from '../domain/depth.ts';
import type { Queue } from '../domain/queue.ts';
import { tasksListedAtMost } from '../domain/tasks-listed.ts';
import type { MoveTasks } from '../operations/move-tasks.ts';
import type { AskAsRole } from './ask-as-role.ts';
import { awsErrorFrom } from './aws-error-from.ts';
import { cleanTasks, depthAttributes, depthOf } from './read-answers.ts';
import { queueUrl } from './sqs-clients.ts';

export function moveTasksWith(ask: AskAsRole): MoveTasks {
  return {
    async list(queue, atMost, signal) {
      const wanted = Math.min(Math.max(Math.trunc(atMost) || 1, 1), tasksListedAtMost);
      const input = { SourceArn: queue.arn, MaxResults: wanted };
      const answer = await ask(queue, 'ListMessageMoveTasks', input, signal);
      return answer.ok ? { ok: true, value: cleanTasks(fieldOf(answer.value, 'Results'), wanted) } : answer;
    },
    async depth(queue, signal) {
      const input = { QueueUrl: queueUrl(queue), AttributeNames: [...depthAttributes] };
      const answer = await ask(queue, 'GetQueueAttributes', input, signal);
      return answer.ok ? depthOutcome(queue, fieldOf(answer.value, 'Attributes')) : answer;
    },
  };
}

function fieldOf(answer: object, name: string): unknown {
  return Reflect.get(answer, name);
}

function depthOutcome(queue: Queue, attributes: unknown): Outcome<Depth> {
  const depth = depthOf(attributes);
  if (depth) return { ok: true, value: depth };
  const { role, region } = queue;
  const attempt = { service: 'SQS', action: 'sqs:GetQueueAttributes', roleArn: role.arn, region } as const;
  return { ok: false, awsError: awsErrorFrom({ name: 'NoCountsInAnswer' }, attempt) };
}
