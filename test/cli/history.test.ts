import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openLocalHistory } from '../../src/storage/sqlite/sqlite-history-store.ts';
import { goodSettings } from '../config/settings-text.ts';
import { aTask, now } from '../support/builders.ts';
import { recordedLog } from '../support/recorded.ts';
import { typed } from './a-terminal.ts';

const ordersArn = 'arn:aws:sqs:eu-west-1:111122223333:orders-dlq';
let folder = '';
let env: Record<string, string> = {};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'history-'));
  const settings = join(folder, 'dlq-tasks.yml');
  writeFileSync(settings, goodSettings);
  env = { DLQ_TASKS_CONFIG: settings, DLQ_TASKS_DATA: join(folder, 'data') };
});
afterEach(() => rm(folder, { recursive: true }));

const history = (...words: string[]) => typed(['history', ...words], { env });

/** A bot that runs and goes on running. */
async function runningBot() {
  const dataFolder = join(folder, 'data');
  const store = await openLocalHistory({ dataFolder, log: recordedLog().log, clock: () => now });
  const startedHere = { requester: 'UANN', decider: 'UBOB', reason: 'fixed\u001b[2J in 1.2' };
  for (let n = 0; n < 25; n += 1) {
    const startedAt = now + n * 60_000;
    const task = aTask({ status: 'COMPLETED', moved: 1_200, toMove: 1_200, startedAt });
    const at = { startedAt, seenAt: startedAt + 50_000, endedBy: startedAt + 50_000 };
    await store.record({ queueArn: ordersArn, task, ...at, left: 0, highest: 4, startedHere });
  }
  return store;
}

describe('dlq-tasks history', () => {
  test('says that there is nothing, and requires a queue', async () => {
    expect(await history('orders-dlq')).toMatchObject({
      code: 0,
      out: expect.stringContaining('Nothing is remembered'),
    });
    expect(await history()).toMatchObject({ code: 2, err: expect.stringContaining('history <queue>') });
  });

  test('shows all of it while the bot runs, newest first', async () => {
    const bot = await runningBot();
    const { code, out } = await history('orders-dlq');
    const lines = out.trim().split('\n');
    expect({ code, lines: lines.length }).toEqual({ code: 0, lines: 25 });
    expect(lines[0]?.replace(/\d{4}-\d\d-\d\d \d\d:\d\d/, 'TIME')).toMatchSnapshot();
    bot.close();
  });

  test('has a stable shape for scripts', async () => {
    (await runningBot()).close();
    const { out } = await history('orders-dlq', '--json');
    expect(JSON.parse(out)[24]).toMatchSnapshot();
  });
});
