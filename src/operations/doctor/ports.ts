import type { Outcome } from '../../domain/aws-error.ts';
import type { AppFinding } from '../../domain/doctor/app-checks.ts';
import type { Membership } from '../../domain/doctor/channel-checks.ts';
import type { FolderFinding } from '../../domain/doctor/machine-checks.ts';
import type { AppTokenFinding, BotTokenFinding } from '../../domain/doctor/slack-checks.ts';
import type { Queue } from '../../domain/queue.ts';
import type { Role } from '../../domain/role.ts';
import type { QueueDirectory } from '../discover-queues.ts';
import type { MoveTasks } from '../move-tasks.ts';

/** An answer, and how far the clock of whoever gave it is ahead of ours. Absent when it did not tell the time. */
export type Dated<T> = { found: T; aheadMs?: number };

/** Port: what Slack says about the tokens. Nothing is posted, and no connection takes requests. It never rejects. */
export type SlackProbe = {
  /** Where the Web API is asked. */
  apiUrl: string;
  botToken(): Promise<Dated<BotTokenFinding>>;
  /** What the app's settings lack. */
  app(): Promise<AppFinding>;
  /** Whether the bot is in these channels. One call for each. */
  memberships(channels: readonly string[]): Promise<Membership[]>;
  /** Left out: Slack comes over HTTP, and a signing secret is set instead. */
  appToken?: () => Promise<AppTokenFinding>;
};

/** Port: what AWS says about identity, roles and queues; all of it reading. No call throws for anything AWS does. */
export type AwsProbe = MoveTasks & {
  /** One GetCallerIdentity, which needs no permission. */
  identity(region: string): Promise<Dated<Outcome<{ arn: string }>>>;
  /** One AssumeRole. The session serves the questions about queues too. */
  assume(role: Role, region: string): Promise<Outcome<unknown>>;
  /** The same with a source identity, as before a start. Nothing is asked with the session. */
  assumeInSomebodysName(role: Role, region: string): Promise<Outcome<unknown>>;
  /** How many queues name it as their dead-letter queue. One ListDeadLetterSourceQueues call. */
  sources(queue: Queue): Promise<Outcome<number>>;
  /** Whether CloudTrail may be asked who started a task, in the queue's region. One LookupEvents call. */
  startCalls(queue: Queue): Promise<Outcome<unknown>>;
  /** All queues there are, listed or not. */
  directory: QueueDirectory;
};

/** Port: whether the folder of the watches can be used. It opens nothing for writing. */
export type FolderProbe = (folder: string) => Promise<FolderFinding>;
