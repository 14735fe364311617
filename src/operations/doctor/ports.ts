import type { Outcome } from '../../domain/aws-error.ts';
import type { FolderFinding } from '../../domain/doctor/machine-checks.ts';
import type {
  AppFinding,
  AppTokenFinding,
  BotTokenFinding,
  Membership,
} from '../../domain/doctor/slack-checks.ts';
import type { Queue } from '../../domain/queue.ts';
import type { Role } from '../../domain/settings.ts';
import type { QueueDirectory } from '../discover-queues.ts';
import type { MoveTasks } from '../move-tasks.ts';

/** An answer, and how far the sender's clock is ahead of ours. Absent if the answer had no time. */
export type Dated<T> = { found: T; aheadMs?: number };

export type SlackProbeGiven = {
  botToken: string;
  /** Ends with a slash. */
  apiUrl: string;
  /** Only for Socket Mode. */
  appToken?: string;
  /** An app configuration token of the app's owner; without it, the app's settings can't be read. */
  configToken?: string;
  /** If absent: the app token contains it, or Slack reports it for the bot. */
  appId?: string;
  /** The settings name user groups, so that the scope for them is needed. */
  usesUserGroups: boolean;
};

/** Port: what Slack says about the tokens. It posts nothing, accepts no requests, and never rejects. */
export type SlackProbe = {
  apiUrl: string;
  botToken(): Promise<Dated<BotTokenFinding>>;
  app(): Promise<AppFinding>;
  /** Whether the bot is in these channels. One call for each. */
  memberships(channels: readonly string[]): Promise<Membership[]>;
  /** Absent: Slack uses HTTP, and a signing secret is set instead. */
  appToken?: () => Promise<AppTokenFinding>;
};

/** Port: what AWS says about identity, roles and queues, read-only. No call throws because of AWS. */
export type AwsProbe = MoveTasks & {
  /** One GetCallerIdentity, which needs no permission. */
  identity(region: string): Promise<Dated<Outcome<{ arn: string }>>>;
  /** One AssumeRole call. The session is also used for the queues. */
  assume(role: Role, region: string): Promise<Outcome<unknown>>;
  /** The same with a source identity, as for starting a redrive. The session is not used. */
  assumeInSomebodysName(role: Role, region: string): Promise<Outcome<unknown>>;
  /** ARNs of the queues that use it as their dead-letter queue. */
  sources(queue: Queue): Promise<Outcome<readonly string[]>>;
  /** Whether the role can ask CloudTrail who started a task, in the queue's region. One LookupEvents call. */
  startCalls(queue: Queue): Promise<Outcome<unknown>>;
  directory: QueueDirectory;
};

/** Port: whether the data folder can be used. It opens nothing for writing. */
export type FolderProbe = (folder: string) => Promise<FolderFinding>;
