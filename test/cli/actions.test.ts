import { once } from 'node:events';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { plainError } from '../../src/aws/aws-error-from.ts';
import type { ActionStore } from '../../src/operations/actions/action-store.ts';
import { createDynamodbActionStore } from '../../src/storage/dynamodb/dynamodb-action-store.ts';
import { openCheckedDatabase } from '../../src/storage/sqlite/checked-database.ts';
import {
  actionFile,
  actionFileName,
  createSqliteActionStore,
} from '../../src/storage/sqlite/sqlite-action-store.ts';
import { goodSettings } from '../config/settings-text.ts';
import { approval, approver, aStart, requester, resulting } from '../domain/actions/an-action.ts';
import { actionKeys, createLocalTable } from '../storage/local-table.ts';
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

/** A bot that keeps running: one started redrive, and one open request for another queue. */
async function runningBot() {
  mkdirSync(join(folder, 'data'));
  const file = join(folder, 'data', actionFileName);
  const database = await openCheckedDatabase({ file, log, clock: () => now, schema: actionFile });
  await storeActions(createSqliteActionStore({ database, log, clock: () => now }));
  return database;
}

async function storeActions(store: ActionStore): Promise<void> {
  await store.add(aStart(), now);
  await store.replace(aStart(), resulting(aStart(), [1_000, approval()]), now + 1_000);
  const other = { id: 'a2', queueArn: 'arn:aws:sqs:us-east-1:444455556666:gone-dlq', alias: 'gone-dlq' };
  await store.add(aStart({ ...other, reason: 'two\u001b[2Jlines', now: now + 5_000 }), now + 5_000);
}

const actions = (...words: string[]) => typed(['actions', ...words], { env });

describe('dlq-tasks actions', () => {
  test('says that there are none', async () => {
    expect(await actions()).toEqual({ code: 0, out: 'No actions are recorded.\n', err: '' });
  });

  test('lists who, what, and why while the bot runs, newest first', async () => {
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

  test('lists one queue, even if it is no longer in the settings', async () => {
    (await runningBot()).close();
    expect((await actions('orders-dlq')).out).not.toContain('gone-dlq');
    expect((await actions('arn:aws:sqs:us-east-1:444455556666:gone-dlq')).out).toContain('gone-dlq');
    expect(await actions('ordrs-dlq')).toMatchObject({
      code: 2,
      err: expect.stringContaining('Did you mean orders-dlq?'),
    });
  });

  test('gives scripts every step', async () => {
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

  test("says what is wrong with a file that isn't a record", async () => {
    mkdirSync(join(folder, 'data'));
    writeFileSync(join(folder, 'data', actionFileName), 'no database'.repeat(100));
    const { code, err } = await actions();
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining("Can't read the record") });
  });
});

describe('dlq-tasks actions --table', () => {
  const table = createLocalTable({ keys: actionKeys });
  const asked: string[] = [];
  let server: Server;

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const target = String(request.headers['x-amz-target']);
      const body = await text(request);
      asked.push(`${target.split('.')[1]} ${JSON.parse(body).TableName ?? ''}`);
      const answer = table.call(target, body);
      if (answer === 'broken line') response.destroy();
      else response.writeHead(answer.status).end(JSON.stringify(answer.body));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${port}`);
    vi.stubEnv('AWS_REGION', 'eu-west-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAEXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    server.close();
  });

  test('shows the same for a bot on Lambda as for one process, and only reads', async () => {
    await storeActions(
      createDynamodbActionStore({
        clock: Date.now,
        ...{ config: {}, table: 'Actions-1', plainError },
      }),
    );
    (await runningBot()).close();
    asked.length = 0;
    for (const words of [[], ['orders-dlq'], ['--json'], ['orders-dlq', '--json']]) {
      const { out } = await actions(...words);
      expect(out).toContain('orders-dlq');
      expect(await actions(...words, '--table', 'Actions-1')).toEqual({ code: 0, out, err: '' });
    }
    expect(new Set(asked)).toEqual(new Set(['Query Actions-1']));
  });

  test('says why a table cannot be read', async () => {
    table.faults.push('forbidden');
    const { code, out, err } = await actions('--table', 'Actions-1');
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain("Can't read the table Actions-1: DynamoDB returned 400 AccessDeniedException");
  });
});
