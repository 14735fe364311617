import type { LocalSlack, LocalSlackOptions } from '../../sandbox/slack/local-slack.ts';
import type { Queue } from '../../src/domain/queue.ts';
import type { AccessRules } from '../../src/domain/settings.ts';
import type { ActionStore } from '../../src/operations/actions/action-store.ts';
import type { Redrives } from '../../src/operations/actions/ports.ts';
import type { MoveTasks } from '../../src/operations/move-tasks.ts';

export type BackingGiven = {
  queues: readonly Queue[];
  access: AccessRules;
  readOnly: boolean;
  slack: Partial<LocalSlackOptions>;
  moveTasks: MoveTasks;
  redrives: Redrives;
  /** Whether the role that acts can be assumed. */
  isReachable: () => boolean;
  /** The time at the beginning. */
  now: number;
};

/** What runs the bot of a story: one process, or the functions. */
export type Backing = {
  slack: LocalSlack;
  /** What time it is for the bot. Setting it does not bring about what becomes due. */
  clock: number;
  /** Absent: the bot keeps none. */
  actions?: Pick<ActionStore, 'list'> | undefined;
  /** Resolves when everything that people have done is answered. */
  answered(): Promise<void>;
  /** The same, with everything that is due now. */
  settled(): Promise<void>;
  /** Brings about, one after the other, what becomes due meanwhile. */
  timePasses(seconds: number): Promise<void>;
  /** CloudTrail reports that somebody has started a task. */
  reportsStart(queue: Queue, startedAt: number, by: { user: string; isHere: boolean }): void;
  /** What the bot has logged, to find out why a story failed. */
  log(): string;
  [Symbol.asyncDispose](): Promise<void>;
};
