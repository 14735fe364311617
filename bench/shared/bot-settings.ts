import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const accountId = '111122223333';
export const roleArn = `arn:aws:iam::${accountId}:role/dlq-tasks-status`;
export const serverFile = fileURLToPath(new URL('../../bin/server.js', import.meta.url));

/** The flags with which `npm start` runs Node. */
export const serverFlags: readonly string[] = flagsOf(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
);

function flagsOf(text: string): string[] {
  const { scripts }: { scripts: { start: string } } = JSON.parse(text);
  return scripts.start.split(' ').filter((word) => word.startsWith('--'));
}

export function arnOf(name: string): string {
  return `arn:aws:sqs:eu-west-1:${accountId}:${name}`;
}

/** A folder with settings that list these queues, and the variables that lead the bot to it. */
export async function writeBotSettings(names: readonly string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'dlq-tasks-bench-'));
  const accounts = { prod: { id: accountId, roleArn } };
  const queues = Object.fromEntries(names.map((name) => [name, arnOf(name)]));
  const config = join(folder, 'dlq-tasks.yml');
  // Each JSON text is a YAML text.
  await writeFile(config, JSON.stringify({ accounts, queues }));
  return {
    folder,
    database: join(folder, 'data', 'watches.sqlite'),
    variables: { DLQ_TASKS_CONFIG: config, DLQ_TASKS_DATA: join(folder, 'data'), PORT: '0' },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
