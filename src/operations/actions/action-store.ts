import type { Action, ActionState } from '../../domain/actions/action.ts';

/** One step of an action as it was recorded, with the action as it was then. */
export type ActionRecord = { at: number; from?: ActionState; action: Action };

/**
 * Port: the actions and their record. Nothing is ever deleted. Every write is conditional; one that can't be stored throws
 * StoreUnusable and changes nothing.
 */
export type ActionStore = {
  /**
   * Adds an action. If its queue already has a conflicting open action, or if an action with its id exists,
   * open or not, that one is returned instead.
   */
  add(action: Action, at: number): Promise<{ ok: true } | { ok: false; open: Action }>;
  /**
   * Replaces `before` with `next`, under the next version. False: another writer came first, and nothing was
   * changed. A change of state, or of the depth shown to an approver, is recorded.
   */
  replace(before: Action, next: Action, at: number): Promise<boolean>;
  read(id: string): Promise<Action | undefined>;
  openOf(queueArn: string): Promise<Action | undefined>;
  /** The newest first. Without a queue: those of all queues. */
  list(given: { queueArn?: string; atMost: number }): Promise<Action[]>;
  /** The action that started this task, if there is one. `startedAt`: the task's StartedTimestamp. */
  startOf(queueArn: string, startedAt: number): Promise<Action | undefined>;
  /** Every step of an action, the oldest first. */
  record(id: string): Promise<ActionRecord[]>;
};

/** A queue has one open action, except that a running redrive may be canceled while a start is requested. */
export function isInTheWay(open: Action, inTheWayOf: Action): boolean {
  return open.kind === 'cancel' || inTheWayOf.kind === 'start';
}

/** Deliveries and polls are not part of the record. */
export function isRecorded(before: Action, next: Action): boolean {
  const seen = ({ state, confirmation, result }: Action) =>
    JSON.stringify([state, confirmation?.at, result.startedAt]);
  return seen(before) !== seen(next);
}

/** Port: the actions of one process, whose engine looks for what is due. */
export type LocalActionStore = ActionStore & {
  /** All open actions, the oldest first. */
  open(): Promise<Action[]>;
  /** Ids of actions with something due, the longest waiting first. */
  due(now: number): Promise<string[]>;
  /** When the next of them is due. */
  nextDue(): Promise<number | undefined>;
};
