import { createHash } from 'node:crypto';
import type { AccessRules } from '../../domain/access-rules.ts';
import type { Queue } from '../../domain/queue.ts';
import { changeRowOf, type RowFormat } from './watch-row.ts';
import type { RowKey, WatchRow, WatchRows } from './watch-table.ts';

type Rules = {
  queues: readonly Pick<Queue, 'arn' | 'channels' | 'redrive'>[];
  access: Pick<AccessRules, 'channels'>;
};

const key: RowKey = { card: 'settings', task: 'rules' };
const isKeptMs = 10 * 365 * 24 * 3_600_000;

/** The rules of the newest deployment, for runs that began under an older one: one row in the table of watches. */
export function createRulesRow({ rows, clock }: { rows: WatchRows; clock: () => number }) {
  const format: RowFormat<Stored> = {
    read: (row) => row && storedIn(row),
    // Everything in the row is read, so nothing has to be carried over.
    isSame: () => false,
    write: (stored, version) => ({
      ...key,
      version,
      isLive: false,
      state: JSON.stringify(stored),
      expiresAt: Math.ceil((clock() + isKeptMs) / 1000),
    }),
  };
  return {
    /** Only for functions that always belong to the newest deployment. */
    async publish(rules: Rules): Promise<void> {
      const hash = hashOf(rules);
      await changeRowOf(rows, key, format, (before) =>
        before?.['hash'] === hash ? before : { ...before, hash, since: new Date(clock()).toISOString() },
      );
    },
    /** Whether the newest deployment is known to have other rules than these. */
    async differFrom(rules: Rules): Promise<boolean> {
      const row = await rows.read(key);
      const hash = row && storedIn(row)['hash'];
      return typeof hash === 'string' && hash !== hashOf(rules);
    },
  };
}

/** `hash`, and `since` when. Whatever else a newer version stores there stays. */
type Stored = Record<string, unknown>;

function storedIn({ state }: WatchRow): Stored {
  try {
    return { ...JSON.parse(state) };
  } catch {
    return {};
  }
}

/** The same whatever order the settings are written in. */
function hashOf({ queues, access }: Rules): string {
  const listed = queues.map(({ arn, channels, redrive }) =>
    [arn, ...channels.toSorted(), ...(redrive ? [JSON.stringify(redrive)] : [])].join(' '),
  );
  const rules = JSON.stringify([listed.toSorted(), access.channels.toSorted()]);
  return createHash('sha256').update(rules).digest('base64url').slice(0, 22);
}
