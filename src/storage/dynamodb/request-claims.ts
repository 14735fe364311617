import { createHash } from 'node:crypto';
import type { RowKey, WatchRow, WatchRows } from './watch-rows.ts';

export type RequestClaimsParts = {
  rows: Pick<WatchRows, 'write'>;
  clock: () => number;
  /** New for each call, so that a write whose answer was lost is recognized. */
  newId: () => string;
};

/** Longer than a signed request is accepted. */
const isKeptMs = 60 * 60_000;

/**
 * Which process answers a request that several may receive: the first to write a row for it. Nobody takes over the
 * claim of a process that has died, because it may have answered.
 */
export function createRequestClaims({ rows, clock, newId }: RequestClaimsParts) {
  return {
    /** Whether the request with this signature is ours to answer, by one conditional write. Rejects when that is unknown. */
    claim: (signature: string): Promise<boolean> => rows.write(claimOf(signature, newId(), clock())),
  };
}

function claimOf(signature: string, by: string, now: number): WatchRow {
  return {
    ...keyOf(signature),
    version: 1,
    isLive: false,
    state: JSON.stringify({ by }),
    expiresAt: Math.ceil((now + isKeptMs) / 1000),
  };
}

/** A hash, so that readers of the table learn no signature. */
function keyOf(signature: string): RowKey {
  const request = createHash('sha256').update(signature).digest('base64url').slice(0, 22);
  return { card: `request:${request}`, task: 'claim' };
}
