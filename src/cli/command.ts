import { distance } from 'fastest-levenshtein';
import type { CliPorts } from './ports.ts';
import type { Screen } from './text/live-line.ts';
import type { Paint } from './text/paint.ts';

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
