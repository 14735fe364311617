import type { StoredWatch } from '../../domain/watch/outbox.ts';
import { type RunStore, Superseded, type WatchRun } from '../../operations/watching/watch-store.ts';
import { changeRow, type StoredRun } from './watch-row.ts';
import { rowKeyOfWatch, type WatchRows } from './watch-table.ts';

/** Longer than a tick and its deliveries may take, and longer than the function may live. */
export const holdForMs = 150_000;

/** The row of a watch, as one run sees it. */
export function createDynamodbRunStore(
  { watch: id, run }: WatchRun,
  { rows, clock }: { rows: WatchRows; clock: () => number },
): RunStore {
  const key = rowKeyOfWatch(id);

  function mine(shared: StoredRun | undefined): StoredRun {
    if (shared?.stored.watch.id !== id || shared.run > run) throw new Superseded(id);
    return shared;
  }

  async function change(how: (stored: StoredWatch) => StoredWatch): Promise<StoredWatch[]> {
    const { shared } = await changeRow(rows, key, clock, (before) => {
      const current = mine(before);
      if (current.run !== run) throw new Superseded(id);
      const stored = how(current.stored);
      return stored === current.stored ? current : { ...current, stored };
    });
    return shared ? [shared.stored] : [];
  }

  return {
    async hold() {
      let hold: 'held' | 'busy' = 'held';
      await changeRow(rows, key, clock, (before) => {
        const current = mine(before);
        const { held } = current;
        hold = held && held.by !== run && held.until > clock() ? 'busy' : 'held';
        if (hold === 'busy') return current;
        return { ...current, run, held: { by: run, until: clock() + holdForMs } };
      });
      return hold;
    },
    async letGo() {
      await changeRow(rows, key, clock, (before) => {
        if (before?.held?.by !== run) return before;
        const { held: _, ...free } = before;
        return free;
      });
    },
    async successor() {
      // Each write has its own version, which no click can have used for another run.
      const { version } = await changeRow(rows, key, clock, (before) => ({ ...mine(before) }));
      return { watch: id, run: version };
    },
    async read() {
      const { shared } = await changeRow(rows, key, clock, (before) => mine(before));
      return shared ? [shared.stored] : [];
    },
    update: (_ids, how) => change(how),
  };
}
