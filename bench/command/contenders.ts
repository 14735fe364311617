import { fileURLToPath } from 'node:url';
import { serverFile, serverFlags, writeBotSettings } from '../shared/bot-settings.ts';
import { startNode } from '../shared/node-process.ts';

export type ContenderName = 'dlq-tasks' | 'first version' | 'hello world';

const fileOf: Record<ContenderName, string> = {
  'dlq-tasks': serverFile,
  'first version': fileURLToPath(new URL('first-version.ts', import.meta.url)),
  'hello world': fileURLToPath(new URL('hello-world.ts', import.meta.url)),
};

export type Contenders = {
  ports: Record<ContenderName, number>;
  /** Of a bot's process since it began, in milliseconds. */
  cpuMs(name: ContenderName): number;
  stop(): Promise<void>;
};

/** Each bot in a process of its own, with the flags one would start it with, all ready. */
export async function startContenders(
  variables: Record<string, string>,
  queues: readonly string[],
): Promise<Contenders> {
  const settings = await writeBotSettings(queues);
  const start = (name: ContenderName) =>
    startNode(fileOf[name], { ...variables, ...settings.variables }, name === 'dlq-tasks' ? serverFlags : []);
  const running = {
    'dlq-tasks': start('dlq-tasks'),
    'first version': start('first version'),
    'hello world': start('hello world'),
  };
  const stop = async () => {
    await Promise.all(Object.values(running).map((bot) => bot.end('SIGTERM')));
    await settings.remove();
  };
  try {
    const ports = {
      'dlq-tasks': await running['dlq-tasks'].port,
      'first version': await running['first version'].port,
      'hello world': await running['hello world'].port,
    };
    return { ports, cpuMs: (name) => running[name].cpuMs(), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
