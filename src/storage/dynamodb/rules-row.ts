import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Queue } from '../../domain/queue.ts';
import type { AccessRules } from '../../domain/settings.ts';
import { changeRowOf, type RowKind, readRow } from './change-row.ts';
import type { RowKey, WatchRows } from './watch-table.ts';

type Rules = {
  queues: readonly Pick<Queue, 'arn' | 'channels' | 'redrive'>[];
  access: Pick<AccessRules, 'channels'>;
};

const key: RowKey = { card: 'settings', task: 'rules' };
/** `hash`, and `since` when. Whatever else a newer version stores there stays. */
const rulesRow: RowKind<Record<string, unknown>> = {
  schema: z.record(z.string(), z.unknown()),
  keptMs: () => 10 * 365 * 24 * 3_600_000,
};

/** The rules of the newest deployment, for runs that began under an older one: one row in the table of watches. */
export function createRulesRow({ rows, clock }: { rows: WatchRows; clock: () => number }) {
  return {
    /** Only for functions that always belong to the newest deployment. */
    async publish(rules: Rules): Promise<void> {
      const hash = hashOf(rules);
      const changing = { rows, clock, key, kind: rulesRow, onUnreadable: () => undefined };
      await changeRowOf(changing, (before) =>
        before?.['hash'] === hash ? before : { ...before, hash, since: new Date(clock()).toISOString() },
      );
    },
    /** Whether the newest deployment is known to have other rules than these. */
    async differFrom(rules: Rules): Promise<boolean> {
      const hash = readRow(await rows.read(key), rulesRow, clock()).value?.['hash'];
      return typeof hash === 'string' && hash !== hashOf(rules);
    },
  };
}

/** The same whatever order the settings are written in. */
function hashOf({ queues, access }: Rules): string {
  const listed = queues.map(({ arn, channels, redrive }) =>
    [arn, ...channels.toSorted(), ...(redrive ? [JSON.stringify(redrive)] : [])].join(' '),
  );
  const rules = JSON.stringify([listed.toSorted(), access.channels.toSorted()]);
  return createHash('sha256').update(rules).digest('base64url').slice(0, 22);
}
