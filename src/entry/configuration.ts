import { type Environment, parseEnvironment } from '../config/environment.ts';
import { environmentDefaults } from '../config/environment-defaults.ts';
import { describeFaults } from '../config/fault.ts';
import { loadSettings } from '../config/load-settings.ts';
import type { Settings } from '../config/parse-settings.ts';

/** `warnings`: in words, one line for each; empty when there are none. */
export type Configuration = { environment: Environment; settings: Settings; warnings: string };

/** Environment and settings, or every fault of both in words. */
export async function readConfiguration(
  env: Readonly<Record<string, string | undefined>>,
): Promise<Configuration | { faults: string }> {
  const environment = parseEnvironment(env);
  const path = env['DLQ_TASKS_CONFIG'] || environmentDefaults.configPath;
  const settings = await loadSettings(path);
  if (environment.ok && settings.ok) {
    const warnings = describeFaults(path, settings.warnings);
    return { environment: environment.environment, settings: settings.settings, warnings };
  }
  const said = [
    ...(environment.ok ? [] : [describeFaults('environment', environment.faults)]),
    ...(settings.ok ? [] : [describeFaults(path, settings.faults)]),
  ];
  return { faults: said.join('\n') };
}
