import type { Action, PendingDelivery } from '../../domain/actions/action.ts';
import type { AwsError, Outcome } from '../../domain/aws-error.ts';
import type { DeliveryResult } from '../../domain/delivery.ts';
import type { Queue } from '../../domain/queue.ts';
import type { AccessRules } from '../../domain/settings.ts';
import type { GroupMembers } from '../access.ts';
import type { ExpectEnd } from '../expected-ends.ts';
import type { Log } from '../log.ts';
import type { MoveTasks } from '../move-tasks.ts';
import type { WithFallback } from '../watching/notifier.ts';
import type { ActionStore } from './action-store.ts';

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
  /** Absent: one process does everything, and nothing else writes. */
  runs?: ActionRuns;
  /** For a redrive that was started here, even if no one watches its card. Absent: there is no history. */
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

/** `doubt`: it may already be there. */
export type ActionDelivery = WithFallback &
  Pick<PendingDelivery, 'kind' | 'key' | 'since'> & { action: Action; doubt: boolean };

/**
 * Port: notifies people about actions. Edits (`update`, `card`) may be made twice; with `doubt`, posts are
 * searched for first. It may throw: that counts as `retry-later`, maybe delivered. `message` is of a `request`.
 */
export type ActionNotifier = { deliver(delivery: ActionDelivery): Promise<DeliveryResult> };

/** Slack ids, for CloudTrail. */
export type ActingPeople = { requester: string; decider: string };

export type StartOrder = { rate: number; destinationArn?: string; people: ActingPeople };
export type CancelOrder = {
  /** StartedTimestamp of the task to cancel. */ startedAt: number;
  people: ActingPeople;
};

/** `unsure`: it may have happened. `rejected`: it certainly did not. No handle is stored. */
export type CallAnswer =
  | { kind: 'accepted'; requestId?: string }
  | { kind: 'had-ended'; awsError?: AwsError }
  | { kind: 'rejected' | 'unsure'; awsError: AwsError };

/**
 * Port: what changes a queue. Uses its `redrive.role`, assumed with the requester as source identity. No call throws
 * because of AWS or the network.
 */
export type Redrives = {
  /** At most one StartMessageMoveTask call: never retried, whatever the answer. */
  start(queue: Queue, order: StartOrder): Promise<CallAnswer>;
  /** Reads the handle and cancels, but only if the RUNNING task is the expected one. */
  cancel(queue: Queue, order: CancelOrder): Promise<CallAnswer>;
  /** ARNs of the queues that use it as their dead-letter queue, all pages. Asked as the reading role. */
  sources(queue: Queue): Promise<Outcome<readonly string[]>>;
};
