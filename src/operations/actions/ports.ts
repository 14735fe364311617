import type { AccessRules } from '../../domain/access-rules.ts';
import type { Queue } from '../../domain/queue.ts';
import type { GroupMembers } from '../access.ts';
import type { ExpectEnd } from '../history/expected-ends.ts';
import type { Log } from '../log.ts';
import type { MoveTasks } from '../move-tasks.ts';
import type { ActionNotifier } from './action-notifier.ts';
import type { ActionRuns } from './action-runs.ts';
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
