import { type Configuration, readConfiguration } from './configuration.ts';

/** Environment and settings; every fault of both is told at once, and the process ends before it talks to anyone. */
export async function configured(env: Readonly<Record<string, string | undefined>>): Promise<Configuration> {
  const configuration = await readConfiguration(env);
  if (!('faults' in configuration)) {
    const { warnings } = configuration;
    if (warnings !== '') process.stderr.write(`dlq-tasks starts, but mind:\n${warnings}\n`);
    return configuration;
  }
  process.stderr.write(`dlq-tasks cannot start:\n${configuration.faults}\n`);
  process.exit(1);
}
