import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { PastRedrive } from '../../src/domain/history.ts';
import { newWatch } from '../../src/domain/watch/watch.ts';
import { type HistoryStore, historyOf } from '../../src/operations/history.ts';
import { historyFileName, openLocalHistory } from '../../src/storage/sqlite/sqlite-history-store.ts';
import { openSqliteStorage } from '../../src/storage/sqlite/sqlite-storage.ts';
import { createLocalHistoryTable, historyIn } from '../../test/storage/local-history-table.ts';
import { createLocalTable } from '../../test/storage/local-table.ts';
import { rowsOf } from '../../test/storage/table-rows.ts';
import { type Bench, measureInTurn, type Pair } from '../figures.ts';
import { goals } from '../goals.ts';
import { arnOf } from '../shared/stage.ts';

/** A year of 200 redrives a day, in twenty queues. */
const sizes = { full: { rows: 73_000, rounds: 200 }, quick: { rows: 100, rounds: 3 } };
const fewRows = 10;
const queues = 20;
const newest = Date.UTC(2026, 0, 1);

const nothing = () => undefined;
const log = { debug: nothing, info: nothing, warn: nothing, error: nothing };

function aRedrive(index: number): PastRedrive {
  const startedAt = newest - index * 432_000;
  const task = {
    status: 'COMPLETED' as const,
    statusText: 'COMPLETED',
    moved: 1_200,
    toMove: 1_200,
    startedAt,
  };
  const card = { channel: 'CGENERAL', ts: `1700000000.${index}` };
  const at = { startedAt, seenAt: startedAt + 60_000, endedBy: startedAt + 60_000 };
  return { queueArn: arnOf(`q-${index < fewRows ? 0 : index % queues}`), task, ...at, left: 0, card };
}

/** Both stores with this many rows: `/dlq-tasks history` and the list of watches on each. */
async function filled(folder: string, rows: number) {
  const all = Array.from({ length: rows }, (_, index) => aRedrive(index));
  const dataFolder = join(folder, `${rows}`);
  const sqlite = await openLocalHistory({ dataFolder, log, clock: Date.now });
  const database = new DatabaseSync(join(dataFolder, historyFileName));
  database.exec('BEGIN');
  const insert = database.prepare('INSERT INTO redrives VALUES (?, ?, ?)');
  for (const one of all) insert.run(one.queueArn, one.startedAt, JSON.stringify(one));
  database.exec('COMMIT');
  database.close();
  const table = createLocalHistoryTable();
  for (const one of all) table.add(one);
  const watches = await openSqliteStorage({
    ...{ file: join(dataFolder, 'watches.sqlite'), log, clock: Date.now, newId: () => 'w' },
  });
  const watch = newWatch({ ...aRedrive(0), id: 'w', card: { channel: 'C1', ts: '1.1' }, now: newest });
  watches.watches.add({ watch: { ...watch, watchers: ['UANN'] }, outbox: { notifications: [] } });
  const live = rowsOf(createLocalTable());
  return {
    sqlite,
    dynamodb: historyIn(table, log),
    watchesInSqlite: async () => watches.watches.readNow(watches.watches.idsOf({ user: 'UANN' })),
    watchesInDynamodb: () => live.live(),
    close: () => {
      sqlite.close();
      watches.close();
    },
  };
}

const history = (store: HistoryStore) => () =>
  historyOf({ queueArn: arnOf('q-0'), atMost: fewRows }, { history: store });

const atOnce = 10;

/** Of one call among several: the first one after another store's pays for what that one left in the caches. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  await work();
  const startedAt = performance.now();
  for (let call = 0; call < atOnce; call += 1) await work();
  return (performance.now() - startedAt) / atOnce;
}

/** A page of the same length from a year and from ten rows, and the list of watches beside them. */
export const benchHistory: Bench = async (scale) => {
  const { rows, rounds } = sizes[scale];
  const folder = await mkdtemp(join(tmpdir(), 'dlq-tasks-bench-'));
  const [many, few] = [await filled(folder, rows), await filled(folder, fewRows)];
  const pair = (what: string, ours: () => Promise<unknown>, peer: () => Promise<unknown>): Pair => ({
    what: `${what}, ms`,
    ours: () => timed(ours),
    peer: { name: `with ${fewRows} rows`, value: () => timed(peer) },
    goal: goals.yearOfHistoryBesideTenRows,
  });
  try {
    return await measureInTurn(
      [
        pair(`history in SQLite, ${rows} rows`, history(many.sqlite), history(few.sqlite)),
        pair(`history in DynamoDB, ${rows} rows`, history(many.dynamodb), history(few.dynamodb)),
        pair(`watches in SQLite beside ${rows} rows`, many.watchesInSqlite, few.watchesInSqlite),
        pair(`watches in DynamoDB beside ${rows} rows`, many.watchesInDynamodb, few.watchesInDynamodb),
      ],
      rounds,
    );
  } finally {
    many.close();
    few.close();
    await rm(folder, { recursive: true });
  }
};
