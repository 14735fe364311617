import { createHash } from 'node:crypto';
import { fieldsOf } from '../../domain/unknown-value.ts';
import type { RowKey, WatchRow, WatchRows } from './watch-table.ts';

/**
 * `interrupted`: the invocation that was to answer has ended before it did, and this one is the first to know.
 */
export type Claim = 'ours' | 'elsewhere' | 'interrupted';

export type RequestClaimsParts = {
  rows: Pick<WatchRows, 'read' | 'write'>;
  clock: () => number;
  /** New for each call, so that a write whose answer was lost is recognized. */
  newId: () => string;
};

/** Longer than a signed request is accepted. */
const isKeptMs = 60 * 60_000;
/** The worker's time limit (serverless.yml). Lambda tries again a minute after a failure: no one else is at work then. */
export const workerLivesMs = 55_000;

/**
 * Which process answers a request that several may receive: the first to write a row for it. Nobody takes over the
 * claim of a process that has died, because it may have done anything but answer: the person is told so, once.
 */
export function createRequestClaims({ rows, clock, newId }: RequestClaimsParts) {
  const next = (row: RowKey & { version: number }, isAnswered: boolean) => {
    const now = clock();
    return rows.write({
      ...{ card: row.card, task: row.task, version: row.version, isLive: false },
      state: JSON.stringify({ by: newId(), at: now, isAnswered }),
      expiresAt: Math.ceil((now + isKeptMs) / 1000),
    });
  };
  return {
    /** Whose the request with this signature is, by conditional writes. Rejects when that is unknown. */
    async claim(signature: string): Promise<Claim> {
      const key = keyOf(signature);
      if (await next({ ...key, version: 1 }, false)) return 'ours';
      const found = await rows.read(key);
      if (!found || !isAbandoned(found, clock())) return 'elsewhere';
      return (await next({ ...key, version: found.version + 1 }, true)) ? 'interrupted' : 'elsewhere';
    },
    /** Whoever gets it again says nothing. */
    answered: async (signature: string) => void (await next({ ...keyOf(signature), version: 2 }, true)),
  };
}

/** A row of an older version does not say when, and counts as answered. */
function isAbandoned({ state }: WatchRow, now: number): boolean {
  const { at, isAnswered } = fieldsOf(JSON.parse(state));
  return typeof at === 'number' && isAnswered !== true && now - at >= workerLivesMs;
}

/** A hash, so that readers of the table learn no signature. */
function keyOf(signature: string): RowKey {
  const request = createHash('sha256').update(signature).digest('base64url').slice(0, 22);
  return { card: `request:${request}`, task: 'claim' };
}
