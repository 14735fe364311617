import { type Environment, parseEnvironment } from '../config/environment.ts';
import { environmentDefaults } from '../config/environment-defaults.ts';
import { describeFaults } from '../config/fault.ts';
import { loadSettings } from '../config/load-settings.ts';
import type { Settings } from '../config/parse-settings.ts';

export type Configuration = { environment: Environment; settings: Settings };

/** Environment and settings, or every fault of both in words. */
export async function readConfiguration(
  env: Readonly<Record<string, string | undefined>>,
): Promise<Configuration | { faults: string }> {
  const environment = parseEnvironment(env);
  const path = env['DLQ_TASKS_CONFIG'] || environmentDefaults.configPath;
  const settings = await loadSettings(path);
  if (environment.ok && settings.ok) {
    return { environment: environment.environment, settings: settings.settings };
  }
  const said = [
    ...(environment.ok ? [] : [describeFaults('environment', environment.faults)]),
    ...(settings.ok ? [] : [describeFaults(path, settings.faults)]),
  ];
  return { faults: said.join('\n') };
}
