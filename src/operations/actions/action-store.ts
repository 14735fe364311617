import type { Action, ActionState } from '../../domain/actions/action.ts';

/** One step of an action as it was recorded, with the action as it was then. */
export type ActionRecord = { at: number; from?: ActionState; action: Action };

/**
 * Port: the actions and their record. Nothing is ever deleted. Every write is conditional; those that cannot be kept throw
 * StoreUnusable and change nothing.
 */
export type ActionStore = {
  /** Adds an action, unless its queue has an open one: then that one is answered. */
  add(action: Action, at: number): Promise<{ ok: true } | { ok: false; open: Action }>;
  /**
   * Writes `next` in the place of `before`, under the next version. False: somebody else has written meanwhile, and nothing
   * is changed. A change of state, or of what an approver was shown, goes into the record.
   */
  replace(before: Action, next: Action, at: number): Promise<boolean>;
  read(id: string): Promise<Action | undefined>;
  openOf(queueArn: string): Promise<Action | undefined>;
  /** All that are open, the oldest first. */
  open(): Promise<Action[]>;
  /** The newest first. Without a queue: of all queues. */
  list(given: { queueArn?: string; atMost: number }): Promise<Action[]>;
  /** The start that began this task, if one did. `startedAt`: its StartedTimestamp. */
  startOf(queueArn: string, startedAt: number): Promise<Action | undefined>;
  /** Every step of an action, the oldest first. */
  record(id: string): Promise<ActionRecord[]>;
  /** Ids of those with something to be done now, the longest waiting first. */
  due(now: number): Promise<string[]>;
  /** When the next of them is due. */
  nextDue(): Promise<number | undefined>;
};

/** Deliveries and polls are no part of the record. */
export function isRecorded(before: Action, next: Action): boolean {
  const seen = ({ state, confirmation, result }: Action) =>
    JSON.stringify([state, confirmation?.at, result.startedAt]);
  return seen(before) !== seen(next);
}
