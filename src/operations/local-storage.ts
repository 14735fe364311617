import type { StoreTrouble } from '../domain/store-trouble.ts';
import type { LocalFollowStore } from './following/follow-store.ts';
import type { ExpectedEnds } from './history/expected-ends.ts';
import type { LocalWatchStore } from './watching/watch-store.ts';

/** Port: all that the engine of one process stores. */
export type LocalStorage = {
  watches: LocalWatchStore;
  follows: LocalFollowStore;
  ends: ExpectedEnds;
  /** Whether work can be stored. In case of trouble, and after a minute without a write, this is tested with a write. */
  isUsable(): boolean;
  /** Why nothing can be stored, if that is known right now. It writes nothing. */
  trouble(): StoreTrouble | undefined;
  close(): void;
};
