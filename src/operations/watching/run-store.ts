import type { WatchRun, WatchStore } from './watch-store.ts';

/** A later run has taken over the watch, or it is gone: this run has nothing more to do. */
export class Superseded extends Error {
  override name = 'Superseded';
}

/** A row that this version cannot read. */
export class UnreadableRow extends Error {
  override name = 'UnreadableRow';
}

/** Port: a watch as one of its runs sees it. Writes fail once a later run has taken over. */
export type RunStore = WatchStore & {
  /** Keeps other runs from polling and delivering until it is released. Rejects with Superseded. */
  hold(): Promise<'held' | 'busy'>;
  letGo(): Promise<void>;
  successor(): Promise<WatchRun>;
};
