import { Action } from '../domain/actions/action.ts';
import { nameInArn } from '../domain/queue.ts';
import { type ActionRecord, isInTheWay } from '../operations/actions/action-store.ts';
import type { Log } from '../operations/log.ts';
import type { Metrics } from '../operations/metrics.ts';

/** An action as it is stored: the text of its state, and what stands beside it. */
export type StoredAction = {
  id: string;
  queueArn: string;
  kind: unknown;
  version: unknown;
  requestedAt: number;
  state: unknown;
};

/** A request waits for a day at most, and SQS stops every redrive after 36 hours. */
const overAfterMs = 3 * 24 * 3_600_000;

function actionOf(state: unknown): Action {
  return Action.parse(JSON.parse(String(state)));
}

/** A step as it is stored; undefined if it can't be read. */
export function recordIn({ at, from, state }: Readonly<Record<string, unknown>>): ActionRecord | undefined {
  try {
    const before = typeof from === 'string' ? { from: Action.shape.state.parse(from) } : {};
    return { at: Number(at), ...before, action: actionOf(state) };
  } catch {
    return undefined;
  }
}

/** Reads what stores hold; what this version can't read is left as is, and is logged and counted once. */
export function createActionReader({ log, metrics }: { log?: Log; metrics?: Metrics | undefined }) {
  const unreadable = new Set<string>();

  function noted(id: string, error: unknown): void {
    if (unreadable.has(id)) return;
    unreadable.add(id);
    metrics?.counted({ what: 'row unreadable' });
    log?.error(
      { action: id, err: error },
      'stored action is unreadable; left as is. No other action can begin for its queue while this one may be open',
    );
  }

  /** Undefined if it can't be read. */
  function understood({ id, state }: StoredAction): Action | undefined {
    try {
      return actionOf(state);
    } catch (error) {
      noted(id, error);
      return undefined;
    }
  }

  /** Of an unreadable one, what stands beside its state: an action in a state that nothing acts on. */
  const read = (row: StoredAction): Action => understood(row) ?? standIn(row);
  /** Its time has passed, whatever it was. */
  const isOver = (row: StoredAction, now: number) =>
    row.requestedAt < now - overAfterMs && understood(row) === undefined;

  return {
    read,
    isOver,
    /** The first that keeps an action from being added: one with its id, or an open one of its queue. */
    inTheWayOf: (action: Action, rows: readonly StoredAction[]) =>
      rows.map(read).find((other) => other.id === action.id || isInTheWay(other, action)),
  };
}
export type ActionReader = ReturnType<typeof createActionReader>;

function standIn({ id, version, queueArn, kind, requestedAt }: StoredAction): Action {
  return {
    ...{ id, version: Number(version), queueArn, requestedAt },
    kind: kind === 'cancel' ? 'cancel' : 'start',
    state: 'unknown',
    alias: nameInArn(queueArn),
    place: { channel: '' },
    ...{ requester: '', needsApproval: true, reason: '' },
    expiresAt: requestedAt,
    result: {},
    outbox: [],
  };
}
