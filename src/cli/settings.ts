import { environmentDefaults } from '../config/environment-defaults.ts';
import { describeFaults } from '../config/fault.ts';
import { loadSettings } from '../config/load-settings.ts';
import type { Settings } from '../config/parse-settings.ts';
import { type CliContext, CliError } from './command.ts';

export function settingsPath(env: CliContext['env']): string {
  return env['DLQ_TASKS_CONFIG'] || environmentDefaults.configPath;
}

/** The settings without anything of Slack; all their faults at once when there are some. */
export async function settingsOf({ env }: CliContext): Promise<Settings> {
  const path = settingsPath(env);
  const loaded = await loadSettings(path);
  if (loaded.ok) return loaded.settings;
  throw new CliError(`The settings have faults:\n${describeFaults(path, loaded.faults)}`);
}
