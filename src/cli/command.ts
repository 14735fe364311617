import { distance } from 'fastest-levenshtein';
import type { CliPorts } from './ports.ts';
import type { Screen } from './text/live-line.ts';
import type { Paint } from './text/paint.ts';

/** Told in `help`. A script may rely on them. */
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

/** The world of one run. Only `entry/cli.ts` knows the process, and `entry/cli-ports.ts` what stands behind the ports. */
export type CliContext = {
  env: Readonly<Record<string, string | undefined>>;
  out: Output;
  err: Output;
  clock: () => number;
  /** From the first call on Ctrl-C no longer ends the process, but this signal. */
  interruption: () => AbortSignal;
  ports: CliPorts;
};

type Option = { type: 'boolean' | 'string'; gives: string; value?: string; multiple?: true };

export type CliCall = CliContext & {
  words: readonly string[];
  options: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;
};

/** One row of the table: what to type, what one gets, and what is done. */
export type CliCommand = {
  name: string;
  /** What follows the name, for people. */
  usage: string;
  gives: string;
  details?: readonly string[];
  /** How many words may follow the name. */
  words: readonly [fewest: number, most: number];
  options: Readonly<Record<string, Option>>;
  examples: readonly string[];
  /** Resolves with the exit code. */
  run(call: CliCall): Promise<number>;
};

/** The command was typed wrongly; the words say how, and help is one line away. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** What was asked for cannot be done; the words say why and what to do. */
export class CliError extends Error {
  override name = 'CliError';
}

/** The name that was probably meant; nothing when none is near. */
export function nearest(typed: string, names: readonly string[]): string | undefined {
  const [best] = names
    .map((name) => ({ name, away: howFar(typed.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.away - b.away);
  return best && best.away <= Math.max(2, typed.length * 0.4) ? best.name : undefined;
}

function howFar(typed: string, name: string): number {
  return typed.length >= 2 && name.startsWith(typed) ? 1 : distance(typed, name);
}
