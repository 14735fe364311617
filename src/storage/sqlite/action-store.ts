import type { StatementSync } from 'node:sqlite';
import { Action, isOpen, knownStates, nextDueAt } from '../../domain/actions/action.ts';
import {
  type ActionRecord,
  type ActionStore,
  isRecorded,
  stands,
} from '../../operations/actions/action-store.ts';
import type { Log } from '../../operations/log.ts';
import { rewritten } from '../rewritten.ts';
import type { CheckedDatabase } from './checked-database.ts';

/** A cancel before a start: it says more of what becomes of the queue. */
const openOfQueue = 'WHERE queue_arn = ? AND is_open = 1 ORDER BY kind';

/** What a newer version has to do is left to it: it would be due for ever. */
const isUnderstood = `kind IN ('start', 'cancel') AND state_name IN (${knownStates.map((state) => `'${state}'`).join(', ')})`;

type Row = Record<string, unknown>;
type Statement = (sql: string) => StatementSync;

/** The actions in SQLite. Open the file with `actionFile`. */
export function createSqliteActionStore({
  database,
  log,
}: {
  database: Pick<CheckedDatabase, 'statement' | 'transaction'>;
  log: Log;
}): ActionStore {
  const { statement, transaction } = database;
  const reading = actionReads(statement, log);

  return {
    ...reading,
    add: async (action, at) =>
      transaction(() => {
        const same = statement('SELECT id, state FROM actions WHERE id = ?').all(action.id);
        const rows = statement(`SELECT id, state FROM actions ${openOfQueue}`).all(action.queueArn);
        const others = [...same, ...rows].map(({ state }) => Action.parse(JSON.parse(String(state))));
        const open = others.find((other) => other.id === action.id || stands(other, action));
        if (open) return { ok: false, open };
        insertAction(statement, action);
        insertRecord(statement, { at, action });
        return { ok: true };
      }),
    replace: async (before, next, at) =>
      transaction(() => {
        const found = statement('SELECT state FROM actions WHERE id = ? AND version = ?').get(
          before.id,
          before.version,
        );
        if (!found) return false;
        const written = { ...next, version: before.version + 1 };
        const state = rewritten(JSON.parse(String(found['state'])), before, written);
        updateAction(statement, written, JSON.stringify(state));
        if (isRecorded(before, next)) insertRecord(statement, { at, from: before.state, action: written });
        return true;
      }),
  };
}

/** The reading half; all that the command line needs. */
export function actionReads(statement: Statement, log?: Log): Omit<ActionStore, 'add' | 'replace'> {
  const actions = (sql: string, ...given: (string | number)[]) =>
    statement(`SELECT id, state FROM actions ${sql}`)
      .all(...given)
      .flatMap((row) => actionIn(row, log) ?? []);

  return {
    read: async (id) => actions('WHERE id = ?', id)[0],
    openOf: async (queueArn) => actions(openOfQueue, queueArn)[0],
    open: async () => actions('WHERE is_open = 1 ORDER BY requested_at, rowid'),
    list: async ({ queueArn, atMost }) =>
      queueArn === undefined
        ? actions('ORDER BY requested_at DESC, rowid DESC LIMIT ?', atMost)
        : actions('WHERE queue_arn = ? ORDER BY requested_at DESC, rowid DESC LIMIT ?', queueArn, atMost),
    startOf: async (queueArn, startedAt) =>
      actions("WHERE kind = 'start' AND queue_arn = ? AND started_at = ?", queueArn, startedAt)[0],
    record: async (id) =>
      statement(
        'SELECT action_id AS id, at, from_state, state FROM record WHERE action_id = ? ORDER BY number',
      )
        .all(id)
        .flatMap((row) => recordIn(row, log) ?? []),
    due: async (now) =>
      statement(`SELECT id FROM actions WHERE due_at <= ? AND ${isUnderstood} ORDER BY due_at`)
        .all(now)
        .map((row) => String(row['id'])),
    nextDue: async () => {
      const at = statement(
        `SELECT min(due_at) AS at FROM actions WHERE due_at IS NOT NULL AND ${isUnderstood}`,
      ).get()?.['at'];
      return typeof at === 'number' ? at : undefined;
    },
  };
}

function insertAction(statement: Statement, action: Action): void {
  const { id, queueArn, kind, requestedAt } = action;
  statement(
    `INSERT INTO actions (id, queue_arn, kind, requested_at, version, state_name, is_open, due_at, started_at, state)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(id, queueArn, kind, requestedAt, ...columnsOf(action), JSON.stringify(action));
}

function updateAction(statement: Statement, action: Action, state: string): void {
  statement(
    'UPDATE actions SET version = ?, state_name = ?, is_open = ?, due_at = ?, started_at = ?, state = ? WHERE id = ?',
  ).run(...columnsOf(action), state, action.id);
}

function columnsOf(action: Action) {
  const { version, state, result } = action;
  const startedAt = result.startedAt ?? null;
  const dueAt = nextDueAt(action);
  // The column takes whole milliseconds only, and retries are planned between them.
  const dueColumn = dueAt === undefined ? null : Math.ceil(dueAt);
  return [version, state, isOpen(action) ? 1 : 0, dueColumn, startedAt] as const;
}

/** Pending deliveries are not part of the record. */
function insertRecord(statement: Statement, { at, from, action }: ActionRecord): void {
  statement('INSERT INTO record (action_id, at, from_state, to_state, state) VALUES (?, ?, ?, ?, ?)').run(
    action.id,
    at,
    from ?? null,
    action.state,
    JSON.stringify({ ...action, outbox: [] }),
  );
}

function recordIn(row: Row, log: Log | undefined): ActionRecord | undefined {
  const action = actionIn(row, log);
  const from = row['from_state'];
  if (!action) return undefined;
  const before = typeof from === 'string' ? { from: Action.shape.state.parse(from) } : {};
  return { at: Number(row['at']), ...before, action };
}

/** A row that this version can't read stays as it is. */
function actionIn({ id, state }: Row, log: Log | undefined): Action | undefined {
  try {
    return Action.parse(JSON.parse(String(state)));
  } catch (error) {
    log?.error({ action: id, err: error }, 'stored action is unreadable; skipped');
    return undefined;
  }
}
