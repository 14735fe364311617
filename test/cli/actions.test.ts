import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { actionFile, actionFileName } from '../../src/storage/sqlite/action-file.ts';
import { createSqliteActionStore } from '../../src/storage/sqlite/action-store.ts';
import { openCheckedDatabase } from '../../src/storage/sqlite/checked-database.ts';
import { goodSettings } from '../config/settings-text.ts';
import { approval, approver, aStart, requester, resulting } from '../domain/actions/an-action.ts';
import { now } from '../support/builders.ts';
import { typed } from './a-terminal.ts';

const nothing = () => undefined;
const log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
let folder = '';
let env: Record<string, string> = {};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'record-'));
  const settings = join(folder, 'dlq-tasks.yml');
  writeFileSync(settings, goodSettings);
  env = { DLQ_TASKS_CONFIG: settings, DLQ_TASKS_DATA: join(folder, 'data') };
});

/** A bot that runs and goes on running: one start that began, and one request of another queue. */
async function runningBot() {
  mkdirSync(join(folder, 'data'));
  const file = join(folder, 'data', actionFileName);
  const database = await openCheckedDatabase({ file, log, clock: () => now, form: actionFile });
  const store = createSqliteActionStore({ database, log, clock: () => now });
  await store.add(aStart(), now);
  await store.replace(aStart(), resulting(aStart(), [1_000, approval()]), now + 1_000);
  const other = { id: 'a2', queueArn: 'arn:aws:sqs:us-east-1:444455556666:gone-dlq', alias: 'gone-dlq' };
  await store.add(aStart({ ...other, reason: 'two\u001b[2Jlines', now: now + 5_000 }), now + 5_000);
  return database;
}

const actions = (...words: string[]) => typed(['actions', ...words], { env });

describe('dlq-tasks actions', () => {
  test('says that there are none', async () => {
    expect(await actions()).toEqual({ code: 0, out: 'No actions are recorded.\n', err: '' });
  });

  test('tells who, what and why beside the running bot, the newest first', async () => {
    const database = await runningBot();
    const { code, out, err } = await actions();
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.replaceAll(/^\d{4}-\d\d-\d\d \d\d:\d\d/gm, 'TIME')).toBe(
      [
        'TIME · gone-dlq · start · requested',
        `  requested by ${requester} · 10 a second · 1,000 messages`,
        '  “two [2Jlines”',
        '',
        'TIME · orders-dlq · start · starting',
        `  requested by ${requester} · decided by ${approver} · 10 a second · 1,000 messages`,
        '  “The consumer is fixed”',
        '',
      ].join('\n'),
    );
    database.close();
  });

  test('tells one queue, also one that has left the settings', async () => {
    (await runningBot()).close();
    expect((await actions('orders-dlq')).out).not.toContain('gone-dlq');
    expect((await actions('arn:aws:sqs:us-east-1:444455556666:gone-dlq')).out).toContain('gone-dlq');
    expect(await actions('ordrs-dlq')).toMatchObject({
      code: 2,
      err: expect.stringContaining('Did you mean orders-dlq?'),
    });
  });

  test('tells scripts every step', async () => {
    (await runningBot()).close();
    const { out } = await actions('orders-dlq', '--json');
    expect(JSON.parse(out)).toMatchObject([
      {
        ...{ kind: 'start', state: 'starting', requester, decider: approver, messagesPerSecond: 10 },
        queue: { alias: 'orders-dlq' },
        steps: [
          { at: new Date(now).toISOString(), to: 'requested' },
          { at: new Date(now + 1_000).toISOString(), from: 'requested', to: 'starting' },
        ],
      },
    ]);
    expect(out).not.toContain('outbox');
  });

  test('says what is wrong with a file that is none', async () => {
    mkdirSync(join(folder, 'data'));
    writeFileSync(join(folder, 'data', actionFileName), 'no database'.repeat(100));
    const { code, err } = await actions();
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining("Can't read the record") });
  });
});
