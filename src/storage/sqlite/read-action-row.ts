import { Action } from '../../domain/actions/action.ts';
import type { Log } from '../../operations/log.ts';
import type { Metrics } from '../../operations/metrics.ts';

export type ActionRow = Record<string, unknown>;

/** A request waits for a day at most, and SQS stops every redrive after 36 hours. */
const overAfterMs = 3 * 24 * 3_600_000;

/** Reads rows; what this version can't read stays as it is, and is logged and counted once. */
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
  function understood({ id, state }: ActionRow): Action | undefined {
    try {
      return Action.parse(JSON.parse(String(state)));
    } catch (error) {
      noted(String(id), error);
      return undefined;
    }
  }

  return {
    understood,
    /** Of an unreadable row, what its columns say: an action in a state that nothing acts on. */
    read: (row: ActionRow): Action => understood(row) ?? standIn(row),
    /** Its time has passed, whatever it was. */
    isOver: (row: ActionRow, now: number) =>
      Number(row['requested_at']) < now - overAfterMs && understood(row) === undefined,
  };
}
export type ActionReader = ReturnType<typeof createActionReader>;

function standIn(row: ActionRow): Action {
  const queueArn = String(row['queue_arn']);
  return {
    ...{ id: String(row['id']), version: Number(row['version']), queueArn },
    kind: row['kind'] === 'cancel' ? 'cancel' : 'start',
    state: 'unknown',
    alias: queueArn.split(':').at(-1) ?? queueArn,
    place: { channel: '' },
    ...{ requester: '', needsApproval: true, reason: '' },
    requestedAt: Number(row['requested_at']),
    expiresAt: Number(row['requested_at']),
    result: {},
    outbox: [],
  };
}
