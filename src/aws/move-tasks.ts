import {
  GetQueueAttributesCommand,
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
} from '@aws-sdk/client-sqs';
import type { Outcome } from '../domain/aws-error.ts';
import type { Depth, MoveTask } from '../domain/move-task.ts';
import { moveTaskStatuses } from '../domain/move-task-status.ts';
import { type Queue, queueUrl } from '../domain/queue.ts';
import { tasksListedAtMost } from '../domain/sqs-limits.ts';
import { isRecord } from '../domain/unknown-value.ts';
import { createSourceDepth, type MoveTasks } from '../operations/move-tasks.ts';
import { awsErrorFrom } from './aws-error-from.ts';
import { type AskAsRole, createRoleAccess, type RoleAccess, type RoleAccessOptions } from './role-access.ts';

/**
 * Calls SQS with the AWS SDK and each queue's role. Region and role come from the queue; the bot's own credentials and
 * the endpoints come from the SDK's environment variables.
 */
export function createMoveTasks(options: RoleAccessOptions = {}): MoveTasks & { stop(): void } {
  const access = createRoleAccess(options);
  return { ...withSourceDepth(moveTasksWith(access), access), stop: access.stop };
}

/** The same, and also says how many messages are in the queue that a running task's messages go to. */
export function withSourceDepth(
  moveTasks: MoveTasks,
  { ask, clock }: Pick<RoleAccess, 'ask' | 'clock'>,
): MoveTasks {
  const sources = (queue: Queue) => sourceQueues(queue, ask);
  return { ...moveTasks, source: createSourceDepth({ depth: moveTasks.depth, sources, clock }) };
}

export function moveTasksWith({ ask }: Pick<RoleAccess, 'ask'>): MoveTasks {
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

/** SQS sends counts as text. Without the count of waiting messages there is no depth. */
function depthOutcome({ role, region }: Queue, attributes: unknown): Outcome<Depth> {
  const [waiting, inFlight = 0, delayed = 0] = depthAttributes.map((name) => count(Object(attributes)[name]));
  if (waiting !== undefined) return { ok: true, value: { waiting, inFlight, delayed } };
  const attempt = { service: 'SQS', action: 'sqs:GetQueueAttributes', roleArn: role.arn, region } as const;
  return { ok: false, awsError: awsErrorFrom({ name: 'NoCountsInAnswer' }, attempt) };
}

const depthAttributes = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

const longestText = 1_000;
const longestStatus = 60;
/** The maximum of a Date. */
const endOfTime = 8_640_000_000_000_000;
/** In seconds, and in milliseconds. */
const [september2001, march1973] = [1e9, 1e11];

/** Builds tasks from anything SQS sent: newest first, no more than requested, and never with a task handle. */
export function cleanTasks(results: unknown, atMost: number): MoveTask[] {
  if (!Array.isArray(results)) return [];
  return newestFirst(results.filter(isRecord).map(cleanTask)).slice(0, atMost);
}

function cleanTask(entry: Record<string, unknown>): MoveTask {
  const statusText = text(entry['Status'], longestStatus) ?? '';
  const destinationArn = text(entry['DestinationArn'], longestText);
  const customRate = count(entry['MaxNumberOfMessagesPerSecond']);
  const moved = count(entry['ApproximateNumberOfMessagesMoved']);
  const toMove = count(entry['ApproximateNumberOfMessagesToMove']);
  const failureReason = text(entry['FailureReason'], longestText);
  const startedAt = moment(entry['StartedTimestamp']);
  return {
    status: moveTaskStatuses.find((status) => status === statusText) ?? 'UNKNOWN',
    statusText,
    ...(destinationArn && { destinationArn }),
    ...(customRate && { customRate }),
    ...(moved !== undefined && { moved }),
    ...(toMove !== undefined && { toMove }),
    ...(failureReason && { failureReason }),
    ...(startedAt && { startedAt }),
  };
}

/** Tasks without a start time keep SQS's order. */
function newestFirst(tasks: MoveTask[]): MoveTask[] {
  const sorted = tasks
    .filter(({ startedAt }) => startedAt !== undefined)
    .sort((a, b) => (b.startedAt ?? 0) - (a.startedAt ?? 0));
  return tasks.map((task) => (task.startedAt === undefined ? task : (sorted.shift() ?? task)));
}

/** A non-negative integer, even if sent as text. */
function count(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{1,16}(\.\d+)?$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !(number >= 0)) return undefined;
  const whole = Math.floor(number);
  return Number.isSafeInteger(whole) ? whole : undefined;
}

/**
 * SQS sends milliseconds, but an emulator may send seconds. A value that would be in the early 1970s as milliseconds,
 * long before any queue, must be in seconds.
 */
function moment(value: unknown): number | undefined {
  const result = count(value instanceof Date ? value.getTime() : value);
  if (!result || result > endOfTime) return undefined;
  return result >= september2001 && result < march1973 ? result * 1_000 : result;
}

function text(value: unknown, longest: number): string | undefined {
  if (typeof value !== 'string') return undefined;
  return value.slice(0, longest).trim() || undefined;
}

const onOnePage = 1000;
const pagesAtMost = 20;

/** ARNs of the queues that use it as their dead-letter queue; they are in its account and region. */
export async function sourceQueues(queue: Queue, ask: AskAsRole): Promise<Outcome<string[]>> {
  const found: string[] = [];
  let next: string | undefined;
  for (let page = 1; page <= pagesAtMost; page += 1) {
    const input = { QueueUrl: queueUrl(queue), MaxResults: onOnePage, ...(next && { NextToken: next }) };
    const answer = await ask(queue, 'sqs:ListDeadLetterSourceQueues', (sqs, options) =>
      sqs.send(new ListDeadLetterSourceQueuesCommand(input), options),
    );
    if (!answer.ok) return answer;
    found.push(...(answer.value.queueUrls ?? []).flatMap((url) => arnOf(url, queue)));
    next = answer.value.NextToken;
    if (!next) break;
  }
  return { ok: true, value: [...new Set(found)] };
}

function arnOf(url: string, { partition, region, accountId }: Queue): string[] {
  const name = /\/([A-Za-z0-9_-]{1,80}(?:\.fifo)?)$/.exec(url)?.[1];
  return name === undefined ? [] : [`arn:${partition}:sqs:${region}:${accountId}:${name}`];
}
