import type { StoreTrouble } from '../domain/store-trouble.ts';
import type { LocalFollowStore } from './following/local-follow-store.ts';
import type { LocalWatchStore } from './watching/local-watch-store.ts';

/** Port: all that the engine of one process stores. */
export type LocalStorage = {
  watches: LocalWatchStore;
  follows: LocalFollowStore;
  /** Whether work can be stored; while there is trouble, and when nothing was written for a minute, that is tried out. */
  isUsable(): boolean;
  /** Why nothing can be stored, as far as it is known at this moment. It writes nothing. */
  trouble(): StoreTrouble | undefined;
  close(): void;
};
