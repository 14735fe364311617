import { expect, test } from 'vitest';
import { createServerProcess } from './server-process.ts';
import { startStage } from './stage.ts';

test('a new server gives up after a minute if the old one keeps running, in one line that says what to do', async () => {
  await using stage = await startStage({ queues: 1, channels: 1 });
  await stage.open();
  const next = createServerProcess(stage.variables, { supervised: false });
  void next.start();
  const startedAt = performance.now();
  const exitCode = await next.exitCode();
  const seconds = (performance.now() - startedAt) / 1_000;
  expect([exitCode, next.stderr()]).toEqual([
    1,
    `dlq-tasks: Another process is still using ${stage.database}; waited 60 s. ` +
      'Stop it, or give this one its own data folder (DLQ_TASKS_DATA).\n',
  ]);
  expect(seconds).toBeGreaterThan(59);
});
