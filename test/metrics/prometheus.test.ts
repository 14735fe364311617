import { describe, expect, test } from 'vitest';
import { createBound, createPrometheusMetrics } from '../../src/metrics/prometheus.ts';
import { parsePrometheus } from '../support/prometheus-text.ts';

const read = async (metrics: ReturnType<typeof createPrometheusMetrics>) =>
  parsePrometheus(await metrics.text());
const ours = ({ samples }: ReturnType<typeof parsePrometheus>) =>
  samples
    .filter(({ name, value }) => name.startsWith('dlq_tasks_') && value > 0)
    .map(({ name, labels, value }) => [name, labels, value]);

const nothing = { watches: () => ({}), undelivered: () => ({}), storeFails: () => false };

describe('the numbers', () => {
  test('are counted under their names', async () => {
    const metrics = createPrometheusMetrics({
      watches: () => ({ running: 2, settling: 0, bouncing: 1 }),
      undelivered: () => ({ notification: 1, cardUpdate: 3 }),
      storeFails: () => true,
    });
    metrics.counted({ what: 'command', how: 'command', outcome: 'RUNNING' });
    metrics.counted({ what: 'command', how: 'command', outcome: 'RUNNING' });
    metrics.counted({ what: 'command', how: 'watch', outcome: 'watch' });
    metrics.counted({ what: 'poll', by: 'follow', outcome: 'throttled' });
    metrics.counted({ what: 'aws error', kind: 'throttled' });
    metrics.counted({ what: 'card update dropped' });
    metrics.counted({ what: 'task announced' });
    expect(ours(await read(metrics))).toEqual([
      ['dlq_tasks_commands_total', { how: 'command', outcome: 'RUNNING' }, 2],
      ['dlq_tasks_commands_total', { how: 'watch', outcome: 'watch' }, 1],
      ['dlq_tasks_polls_total', { by: 'follow', outcome: 'throttled' }, 1],
      ['dlq_tasks_aws_errors_total', { kind: 'throttled' }, 1],
      ['dlq_tasks_card_updates_dropped_total', {}, 1],
      ['dlq_tasks_announcements_total', {}, 1],
      ['dlq_tasks_watches', { phase: 'running' }, 2],
      ['dlq_tasks_watches', { phase: 'bouncing' }, 1],
      ['dlq_tasks_store_failing', {}, 1],
      ['dlq_tasks_undelivered', { what: 'notification' }, 1],
      ['dlq_tasks_undelivered', { what: 'cardUpdate' }, 3],
    ]);
  });

  test('of time are whole histograms, in seconds', async () => {
    const metrics = createPrometheusMetrics(nothing);
    metrics.timed({ what: 'slack call', method: 'chat.update', outcome: 'answered' }, 300);
    metrics.timed({ what: 'slack call', method: 'chat.update', outcome: 'answered' }, 90_000);
    metrics.timed({ what: 'tick lateness' }, -5);
    const { types, samples } = await read(metrics);
    const of = (name: string) =>
      samples.filter((one) => one.name === `dlq_tasks_slack_call_seconds_${name}`).map(({ value }) => value);
    expect(types.get('dlq_tasks_slack_call_seconds')).toBe('histogram');
    expect([of('bucket'), of('sum'), of('count')]).toEqual([[0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 2], [90.3], [2]]);
    expect(samples.find(({ name }) => name === 'dlq_tasks_tick_lateness_seconds_sum')?.value).toBe(0);
  });

  test('come with those of the process', async () => {
    const { types } = await read(createPrometheusMetrics(nothing));
    expect([...types.keys()]).toEqual(
      expect.arrayContaining(['process_cpu_seconds_total', 'nodejs_eventloop_lag_seconds']),
    );
  });
});

test('a label has so many values and no more', () => {
  const bounded = createBound(2);
  const values = ['a', 'b', 'c', 'a', 'd'].map((outcome) => bounded('command', { outcome })['outcome']);
  expect(values).toEqual(['a', 'b', 'other', 'a', 'other']);
  expect(bounded('poll', { outcome: 'c' })).toEqual({ outcome: 'c' });
});
