import type { WatchRun } from './start-watch.ts';
import type { WatchStore } from './watch-store.ts';

/** A later run has taken the watch up, or it is gone: this one has nothing more to do. */
export class Superseded extends Error {
  override name = 'Superseded';
}

/** A row of which this version cannot make anything. */
export class UnreadableRow extends Error {
  override name = 'UnreadableRow';
}

/** Port: a watch as one of its runs sees it. Whatever it writes is refused once a later run has taken over. */
export type RunStore = WatchStore & {
  /** Keeps other runs from polling and delivering until it is let go. Rejects with Superseded. */
  hold(): Promise<'held' | 'busy'>;
  letGo(): Promise<void>;
  /** The run that is to go on after this one. */
  successor(): Promise<WatchRun>;
};
