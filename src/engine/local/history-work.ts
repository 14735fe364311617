import { type EndRecorder, recordEnd } from '../../operations/history/history.ts';
import type { LocalWatchStore } from '../../operations/watching/local-watch-store.ts';
import type { Jobs } from './jobs.ts';

export type HistoryWorkPorts = EndRecorder & {
  /** Whether it can be stored. Absent: it can. */
  isUsable?: () => boolean;
};

/**
 * Records the redrives that watches saw end. A watch that has ended is stored for a day, and at a start each of them is
 * recorded again: so none is lost, whenever the process is killed.
 */
export function createHistoryWork(
  ports: HistoryWorkPorts,
  { store, jobs }: { store: Pick<LocalWatchStore, 'toRecord' | 'readNow'>; jobs: Jobs },
) {
  const ids = store.toRecord();

  async function recordAll(): Promise<void> {
    for (const id of ids) {
      // It may change again meanwhile.
      ids.delete(id);
      try {
        for (const { watch } of store.readNow([id])) await recordEnd(watch, ports);
      } catch (error) {
        ids.add(id);
        throw error;
      }
    }
  }

  return {
    begin: () => {
      if (ids.size > 0 && (ports.isUsable?.() ?? true)) jobs.begin('history', 'history', recordAll);
    },
    isDone: () => ids.size === 0,
  };
}
