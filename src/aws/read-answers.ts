import type { Depth } from '../domain/depth.ts';
import { type MoveTask, type MoveTaskStatus, moveTaskStatuses } from '../domain/move-task.ts';
import { isRecord } from '../domain/readable-items.ts';

export const depthAttributes = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

/** SQS sends counts as text. Without the count of waiting messages there is no depth. */
export function depthOf(attributes: unknown): Depth | undefined {
  if (typeof attributes !== 'object' || attributes === null) return undefined;
  const [waiting, inFlight, delayed] = depthAttributes.map((name) => count(Reflect.get(attributes, name)));
  return waiting === undefined ? undefined : { waiting, inFlight: inFlight ?? 0, delayed: delayed ?? 0 };
}

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
    status: statusOf(statusText),
    statusText,
    ...(destinationArn && { destinationArn }),
    ...(customRate && { customRate }),
    ...(moved !== undefined && { moved }),
    ...(toMove !== undefined && { toMove }),
    ...(failureReason && { failureReason }),
    ...(startedAt && { startedAt }),
  };
}

function statusOf(statusText: string): MoveTaskStatus {
  return moveTaskStatuses.find((status) => status === statusText) ?? 'UNKNOWN';
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
