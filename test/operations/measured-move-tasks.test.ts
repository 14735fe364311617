import { expect, test } from 'vitest';
import { measuredMoveTasks, measuredStartCalls } from '../../src/operations/move-tasks.ts';
import { anAwsError, aQueue, aTask, now } from '../support/builders.ts';
import { recordedMetrics } from '../support/recorded.ts';

const queue = aQueue();

test('times each call to AWS and counts its errors', async () => {
  const { events, metrics } = recordedMetrics();
  let clock = now;
  const patience = new AbortController().signal;
  const asked: unknown[] = [];
  /** Takes 20 ms. */
  const answering =
    <T>(answer: T) =>
    async (...call: unknown[]) => {
      asked.push(call);
      await Promise.resolve();
      clock += 20;
      return answer;
    };
  const [tasks, depth, calls] = [
    { ok: true as const, value: [aTask()] },
    { ok: false as const, awsError: anAwsError({ kind: 'throttled' }) },
    { ok: false as const, awsError: anAwsError({ service: 'CloudTrail' }) },
  ];
  const moveTasks = measuredMoveTasks(
    { list: answering(tasks), depth: answering(depth) },
    metrics,
    () => clock,
  );
  const startCalls = measuredStartCalls({ find: answering(calls) }, metrics, () => clock);
  const span = { from: now, to: now };

  expect([
    await moveTasks.list(queue, 3, patience),
    await moveTasks.depth(queue, patience),
    await startCalls.find(queue, span),
  ]).toEqual([tasks, depth, calls]);
  expect(asked).toEqual([
    [queue, 3, patience],
    [queue, patience],
    [queue, span],
  ]);
  expect(events).toEqual([
    { what: 'aws call', action: 'ListMessageMoveTasks', outcome: 'ok', ms: 20 },
    { what: 'aws call', action: 'GetQueueAttributes', outcome: 'throttled', ms: 20 },
    { what: 'aws error', kind: 'throttled' },
    { what: 'aws call', action: 'LookupEvents', outcome: 'access-denied', ms: 20 },
    { what: 'aws error', kind: 'access-denied' },
  ]);
});
