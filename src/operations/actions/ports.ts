import type { AccessRules } from '../../domain/access-rules.ts';
import type { Action } from '../../domain/actions/action.ts';
import type { Queue } from '../../domain/queue.ts';
import type { GroupMembers } from '../access.ts';
import type { ExpectEnd } from '../history/expected-ends.ts';
import type { Log } from '../log.ts';
import type { MoveTasks } from '../move-tasks.ts';
import type { ActionNotifier } from './action-notifier.ts';
import type { ActionStore } from './action-store.ts';
import type { Redrives } from './redrives.ts';

/** Who is in a private channel. Never rejects. */
export type MembersOfPrivate = (channel: string) => Promise<readonly string[] | undefined>;

export type ActionPorts = {
  store: ActionStore;
  redrives: Redrives;
  moveTasks: MoveTasks;
  notifier: ActionNotifier;
  /** Not cached: a person who was just removed is not allowed. */
  membersOf: GroupMembers;
  /** Undefined: the channel is public, or Slack doesn't say. */
  membersOfPrivate?: MembersOfPrivate;
  access: AccessRules;
  queueOf: (arn: string) => Queue | undefined;
  /** DLQ_TASKS_READ_ONLY: no actions, whatever the settings say. */
  readOnly: boolean;
  clock: () => number;
  /** 0 to 1. */
  random: () => number;
  newId: () => string;
  /** Absent: one process does everything, and nobody else writes. */
  runs?: ActionRuns;
  /** For a redrive that was started here: perhaps nobody watches its card. Absent: there is no history. */
  expectEnd?: ExpectEnd;
  log: Log;
};

/** `run`: 0 is begun for an action before it is stored, 1 makes its call; a run that hands over goes on as `run` + 2. */
export type ActionRun = { action: string; run: number };
/** Resolves once the run is certain to start. The same run starts only once. */
export type StartActionRun = (run: ActionRun) => Promise<void>;

/** Port: where many processes act, each action is driven by runs of its own, which outlive the process that asked. */
export type ActionRuns = {
  /** Before the action is stored, so that none is left without a run. */
  begin(id: string): Promise<void>;
  /** Its call is committed, and a run makes it once. For a cancel it resolves after the answer, if that comes soon. */
  call(action: Action): Promise<void>;
  /** For how long another process may still be at work on what it began, in milliseconds. */
  holdMs: number;
};
