import { Action } from '../domain/actions/action.ts';
import { nameInArn } from '../domain/queue.ts';
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

/** Of a step, which says nothing of its action if it can't be read. */
export function actionInStep(state: unknown): Action | undefined {
  try {
    return actionOf(state);
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

  return {
    /** Of an unreadable one, what stands beside its state: an action in a state that nothing acts on. */
    read: (row: StoredAction): Action => understood(row) ?? standIn(row),
    /** Its time has passed, whatever it was. */
    isOver: (row: StoredAction, now: number) =>
      row.requestedAt < now - overAfterMs && understood(row) === undefined,
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
