import type { ActionStore } from '../operations/actions/action-store.ts';
import type { QueueDirectory } from '../operations/discover-queues.ts';
import type { AwsProbe, FolderProbe, SlackProbe, SlackProbeGiven } from '../operations/doctor/ports.ts';
import type { HistoryPorts } from '../operations/history/history.ts';
import type { MoveTasks } from '../operations/move-tasks.ts';

type Stoppable = { stop(): void };

export type Discovery = {
  directory: QueueDirectory;
  identity: AwsProbe['identity'];
  /** The region from the environment or the profile, if one is set. */
  ownRegion(): Promise<string | undefined>;
};

/** The record of actions, read while a bot may be writing it. */
type OpenActionRecord = Pick<ActionStore, 'list' | 'record'> & { close(): void };

/** Where a running bot keeps its records: its data folder, or a table on Lambda. */
export type RecordPlace = { folder: string } | { table: string };

/**
 * Ports: what the commands need beyond files and the terminal. Each is loaded only when a command asks for it, so that
 * `help` does not wait for the AWS SDK. A caller that asks for one that stops or closes must stop or close it.
 */
export type CliPorts = {
  /** Asks SQS as each queue's role. */
  moveTasks(): Promise<MoveTasks & Stoppable>;
  discovery(): Promise<Discovery & Stoppable>;
  awsProbe(): Promise<AwsProbe & Stoppable>;
  slackProbe(given: SlackProbeGiven): Promise<SlackProbe>;
  folderProbe: FolderProbe;
  behindProxy: boolean;
  /**
   * The record in a data folder, or in a DynamoDB table of the environment's region. undefined: there is none in this
   * folder. Rejects if the file isn't a record. A table is queried only when something is read.
   */
  actionRecord(where: RecordPlace): Promise<OpenActionRecord | undefined>;
  /** The history of a data folder or of a DynamoDB table. Rejects if the file isn't one. */
  history(where: RecordPlace): Promise<HistoryPorts & { close(): void }>;
  /** Runs the bot, which ends the process itself. */
  serve(): Promise<unknown>;
};
