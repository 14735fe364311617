import { type Environment, parseEnvironment } from '../config/environment.ts';
import { describeFaults } from '../config/fault.ts';
import { loadSettings } from '../config/load-settings.ts';
import type { Settings } from '../config/parse-settings.ts';

/** Environment and settings; every fault of both is told at once, and the process ends before it talks to anyone. */
export async function configured(
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ environment: Environment; settings: Settings }> {
  const environment = parseEnvironment(env);
  const path = env['DLQ_TASKS_CONFIG'] || './dlq-tasks.yml';
  const settings = await loadSettings(path);
  if (environment.ok && settings.ok) {
    return { environment: environment.environment, settings: settings.settings };
  }
  const said = [
    ...(environment.ok ? [] : [describeFaults('environment', environment.faults)]),
    ...(settings.ok ? [] : [describeFaults(path, settings.faults)]),
  ];
  process.stderr.write(`dlq-tasks cannot start:\n${said.join('\n')}\n`);
  process.exit(1);
}
