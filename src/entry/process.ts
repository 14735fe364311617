import { globalAgent } from 'node:https';
import type { DestinationStream } from 'pino';
import { type Environment, parseEnvironment, settingsPath } from '../config/environment.ts';
import { describeFaults } from '../config/fault.ts';
import { loadSettings, type Settings } from '../config/parse-settings.ts';
import { within } from '../operations/within.ts';

type Configuration = { environment: Environment; settings: Settings };

/** Environment and settings. If either has faults, all are printed and the process exits before it contacts anyone. */
export async function configured(env: Readonly<Record<string, string | undefined>>): Promise<Configuration> {
  const environment = parseEnvironment(env);
  const path = settingsPath(env);
  const settings = await loadSettings(path);
  if (environment.ok && settings.ok) {
    const warnings = describeFaults(path, settings.warnings);
    if (warnings !== '') process.stderr.write(`dlq-tasks is starting with warnings:\n${warnings}\n`);
    return { environment: environment.environment, settings: settings.settings };
  }
  const faults = [
    ...(environment.ok ? [] : [describeFaults('environment', environment.faults)]),
    ...(settings.ok ? [] : [describeFaults(path, settings.faults)]),
  ];
  process.stderr.write(`dlq-tasks cannot start:\n${faults.join('\n')}\n`);
  process.exit(1);
}

/** Whether NODE_USE_ENV_PROXY or --use-env-proxy makes Node use a proxy. */
export const behindProxy = Boolean(globalAgent.options.proxyEnv);

/** Resolves when the work is done or the time is over; never rejects. */
export async function endIn(ms: number, work: Promise<unknown>): Promise<void> {
  await within(ms, work, () => undefined).catch(() => undefined);
}

/** The first SIGTERM or SIGINT. Later ones are ignored: on Ctrl-C, npm sends a signal that the process already got. */
export function deliveredToEnd(): Promise<string> {
  return new Promise((resolve) => {
    process.on('SIGTERM', () => resolve('SIGTERM'));
    process.on('SIGINT', () => resolve('SIGINT'));
  });
}

/** For people at a terminal: one line for each event, with its fields at the end. */
export async function readableLines(destination?: NodeJS.WritableStream): Promise<DestinationStream> {
  const { default: pretty } = await import('pino-pretty');
  return pretty({
    singleLine: true,
    translateTime: 'SYS:HH:MM:ss',
    errorLikeObjectKeys: ['err', 'error'],
    // So that the last lines before the process ends are written, too.
    sync: true,
    ...(destination && { destination }),
  });
}
