import type { AwsError } from '../../../src/domain/aws-error.ts';
import type { MoveTask } from '../../../src/domain/move-task.ts';
import type { Observation } from '../../../src/domain/watch/observation.ts';
import { newWatch, type Watch } from '../../../src/domain/watch/watch.ts';

const queueArn = 'arn:aws:sqs:eu-west-1:111122223333:orders-dlq';
export const noon = Date.UTC(2025, 0, 15, 12);
const card = { channel: 'C1', ts: '100.1' };

export function aWatch(changes: Partial<Watch> = {}): Watch {
  const watch = newWatch({ id: 'w1', queueArn, startedAt: noon, card, now: noon });
  return { ...watch, watchers: ['U1'], named: ['U1'], ...changes };
}

export function aTask(changes: Partial<MoveTask> = {}): MoveTask {
  const status = changes.status ?? 'RUNNING';
  return { status, statusText: status, moved: 0, toMove: 100, startedAt: noon, ...changes };
}

export const denied: AwsError = {
  kind: 'access-denied',
  service: 'SQS',
  action: 'sqs:ListMessageMoveTasks',
  roleArn: 'arn:aws:iam::111122223333:role/dlq-tasks-status',
  code: 'AccessDenied',
  detail: 'not authorized',
};

export const throttled: AwsError = {
  ...denied,
  kind: 'throttled',
  code: 'RequestThrottled',
  detail: 'slow down',
};

export function saw(at: number, changes: Partial<MoveTask> = {}, depth?: number): Observation {
  return {
    kind: 'seen',
    at,
    calls: 1,
    position: 0,
    task: aTask(changes),
    ...(depth !== undefined && { depth }),
  };
}

export function sawNothing(at: number, awsError = denied): Observation {
  return { kind: 'error', at, calls: 1, awsError };
}
