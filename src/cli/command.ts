import { distance } from 'fastest-levenshtein';
import type { ActionStore } from '../operations/actions/action-store.ts';
import type { QueueDirectory } from '../operations/discover-queues.ts';
import type { AwsProbe, FolderProbe, SlackProbe, SlackProbeGiven } from '../operations/doctor/ports.ts';
import type { HistoryPorts } from '../operations/history.ts';
import type { MoveTasks } from '../operations/move-tasks.ts';
import type { Paint, Screen } from './terminal.ts';

/** Documented in `help`; scripts rely on them. */
export const exitCodes = {
  ok: 0,
  error: 1,
  usage: 2,
  running: 3,
  failed: 4,
  none: 5,
  interrupted: 130,
} as const;

type Output = Screen & { paint: Paint };

/** What one run is given. Only `entry/cli.ts` touches the process, and `entry/cli-ports.ts` implements the ports. */
export type CliContext = {
  env: Readonly<Record<string, string | undefined>>;
  out: Output;
  err: Output;
  clock: () => number;
  /** After the first call, Ctrl-C aborts this signal instead of ending the process. */
  interruption: () => AbortSignal;
  ports: CliPorts;
};

type Option = { type: 'boolean' | 'string'; gives: string; value?: string; multiple?: true };

export type CliCall = CliContext & {
  words: readonly string[];
  options: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;
};

export type CliCommand = {
  name: string;
  usage: string;
  gives: string;
  details?: readonly string[];
  words: readonly [fewest: number, most: number];
  options: Readonly<Record<string, Option>>;
  examples: readonly string[];
  /** Resolves with the exit code. */
  run(call: CliCall): Promise<number>;
};

/** The command was typed wrong. The message says how. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** The command failed. The message says why and what to do. */
export class CliError extends Error {
  override name = 'CliError';
}

export function nearest(typed: string, names: readonly string[]): string | undefined {
  const [best] = names
    .map((name) => ({ name, away: howFar(typed.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.away - b.away);
  return best && best.away <= Math.max(2, typed.length * 0.4) ? best.name : undefined;
}

function howFar(typed: string, name: string): number {
  return typed.length >= 2 && name.startsWith(typed) ? 1 : distance(typed, name);
}

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
