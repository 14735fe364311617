import type { AwsError } from '../../src/domain/aws-error.ts';
import type { MoveTask } from '../../src/domain/move-task.ts';
import type { Queue } from '../../src/domain/queue.ts';
import type { CardContent, QueueReport } from '../../src/operations/check-queue.ts';
import type { QueueDirectory } from '../../src/operations/discover-queues.ts';
import type { BotIdentity } from '../../src/slack/bot-identity.ts';

/** A fixed moment: 2026-11-24 03:00 UTC. */
export const now = Date.UTC(2026, 10, 24, 3, 0, 0);

export function aQueue(given: Partial<Queue> = {}): Queue {
  const { name = 'orders-dlq', region = 'eu-west-1', accountId = '111122223333', partition = 'aws' } = given;
  return {
    partition,
    region,
    accountId,
    name,
    alias: name,
    arn: `arn:${partition}:sqs:${region}:${accountId}:${name}`,
    account: { label: 'prod', id: accountId },
    role: { arn: `arn:aws:iam::${accountId}:role/dlq-tasks-status` },
    channels: [],
    ...given,
  };
}

export function aTask(given: Partial<MoveTask> = {}): MoveTask {
  const status = given.status ?? 'RUNNING';
  return { status, statusText: status, moved: 620, toMove: 1000, startedAt: now - 120_000, ...given };
}

/** A role that may not list queues. */
export const closedDirectory: QueueDirectory = {
  page: async () => ({
    ok: false,
    awsError: anAwsError({ kind: 'access-denied', action: 'sqs:ListQueues' }),
  }),
  deadLetterTarget: async () => ({ ok: true, value: undefined }),
};

export function anAwsError(given: Partial<AwsError> = {}): AwsError {
  return {
    kind: 'access-denied',
    service: 'SQS',
    action: 'sqs:ListMessageMoveTasks',
    roleArn: 'arn:aws:iam::111122223333:role/dlq-tasks-status',
    code: 'AccessDenied',
    detail: 'not authorized',
    ...given,
  };
}

export function aReport(given: Partial<QueueReport> = {}): QueueReport {
  return {
    queue: aQueue(),
    seenAt: now,
    tasks: [aTask()],
    depth: { ok: true, value: { waiting: 380, inFlight: 0, delayed: 0 } },
    asked: 1,
    earlier: [],
    ...given,
  };
}

export function aCard(given: Partial<CardContent> = {}): CardContent {
  const { tasks: _, ...report } = aReport();
  return { ...report, ...given };
}

export const aBotIdentity: BotIdentity = {
  botId: 'BBOT',
  botUserId: 'UBOT',
  botName: 'dlq-tasks',
  teamId: 'T1',
  workspaceUrl: 'https://sandbox.slack.com/',
  scopes: [],
};
