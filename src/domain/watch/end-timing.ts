import type { MoveTask } from '../move-task.ts';
import type { EndTiming } from './notification.ts';
import { millisecondsLeft } from './poll-delay.ts';
import type { End, Watch } from './watch.ts';

/** The uncertainty of the end may be this large, or this share of the duration, to state a single number. */
const closeEnoughMs = 15_000;
const closeEnoughShare = 0.1;

export function timingOf(
  watch: Watch,
  { seenAt, lastRunning }: Pick<End, 'seenAt' | 'lastRunning'>,
  task: MoveTask,
): EndTiming {
  const atMostMs = Math.max(0, seenAt - watch.startedAt);
  if (!lastRunning) return { atMostMs };
  const atLeastMs = Math.min(atMostMs, Math.max(0, lastRunning.at - watch.startedAt));
  const gap = atMostMs - atLeastMs;
  if (gap > Math.max(closeEnoughMs, atMostMs * closeEnoughShare)) return { atLeastMs, atMostMs };
  const expected = millisecondsLeft(watch, lastRunning.task, lastRunning.at) ?? gap / 2;
  const aboutMs = Math.round(atLeastMs + Math.min(expected, gap));
  const meanRate = task.moved !== undefined && aboutMs > 0 ? (task.moved * 1000) / aboutMs : undefined;
  return { atLeastMs, atMostMs, aboutMs, ...(meanRate !== undefined && { meanRate }) };
}
