import { type RecordExpectedPorts, recordExpectedEnds } from '../../operations/history/expected-ends.ts';
import { type EndRecorder, type HistoryStore, recordEnd } from '../../operations/history/history.ts';
import type { LocalWatchStore } from '../../operations/watching/watch-store.ts';
import type { Jobs } from './jobs.ts';

export type HistoryWorkPorts = EndRecorder & {
  history: HistoryStore;
  /** Whether it can be stored. Absent: it can. */
  isUsable?: () => boolean;
};

const expectedEveryMs = 60_000;

/**
 * Records the redrives that watches saw end, and those that no watch of a card sees end. A watch that has ended is stored for a day, and at a start each of them is
 * recorded again: so none is lost, whenever the process is killed.
 */
export function createHistoryWork(
  ports: HistoryWorkPorts & Omit<RecordExpectedPorts, keyof EndRecorder>,
  { store, jobs }: { store: Pick<LocalWatchStore, 'toRecord' | 'readNow'>; jobs: Jobs },
) {
  const ids = store.toRecord();
  let expectedAt = 0;

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
      const now = ports.clock();
      if (ids.size === 0 && now < expectedAt) return;
      if (!(ports.isUsable?.() ?? true)) return;
      if (ids.size > 0) jobs.begin('history', 'history', recordAll);
      if (now < expectedAt) return;
      expectedAt = now + expectedEveryMs;
      jobs.begin('history', 'expected ends', () => recordExpectedEnds(ports));
    },
    isDone: () => ids.size === 0,
  };
}
