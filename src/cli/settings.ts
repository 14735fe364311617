import { readFile } from 'node:fs/promises';
import { settingsPath } from '../config/environment.ts';
import { describeFaults } from '../config/fault.ts';
import { type Accounts, loadSettings, parseAccounts, type Settings } from '../config/parse-settings.ts';
import { messageOf } from '../domain/wording.ts';
import { type CliContext, CliError } from './command.ts';

/** Needs nothing from Slack. Throws with every fault at once. */
export async function settingsOf({ env }: CliContext): Promise<Settings> {
  const path = settingsPath(env);
  const loaded = await loadSettings(path);
  if (loaded.ok) return loaded.settings;
  throw new CliError(`The settings have errors:\n${describeFaults(path, loaded.faults)}`);
}

/** The settings and their text; empty where there is no file. */
export type KnownSettings = Accounts & { text?: string };

export async function settingsIfAny({ env }: CliContext): Promise<KnownSettings> {
  const path = settingsPath(env);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new CliError(`Can't read ${path}: ${messageOf(error)}`);
  });
  if (text === undefined) return { accounts: [], queues: [] };
  const parsed = parseAccounts(text);
  if (!parsed.ok) throw new CliError(`The settings have errors:\n${describeFaults(path, parsed.faults)}`);
  return { text, accounts: parsed.accounts, queues: parsed.queues };
}
