import type { Action } from '../../domain/actions/action.ts';
import type { ActionStore } from './action-store.ts';

/** Port: the actions of one process, whose engine looks for what is due. */
export type LocalActionStore = ActionStore & {
  /** All open actions, the oldest first. */
  open(): Promise<Action[]>;
  /** Ids of actions with something due, the longest waiting first. */
  due(now: number): Promise<string[]>;
  /** When the next of them is due. */
  nextDue(): Promise<number | undefined>;
};
