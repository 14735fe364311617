import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Invocation, Invoked } from './run-handler.ts';

const runHandler = fileURLToPath(new URL('run-handler.ts', import.meta.url));

export type Deployed = {
  /** The function's name. */
  name: string;
  folder: string;
  file: string;
  handler: string;
  env: NodeJS.ProcessEnv;
};
/** `ended` rejects, unless its process ends well. */
type Instance = { child: ChildProcess; of: Deployed; isBusy: boolean; ended: Promise<void> };

/**
 * Processes that run functions, one event at a time. `areKept`: they then wait for further events, as Lambda's do;
 * otherwise each event has a new one.
 */
export function createInstances({ areKept, log }: { areKept: boolean; log: (text: string) => void }) {
  const instances = new Set<Instance>();

  function begun(of: Deployed): Instance {
    const { file, handler, folder: cwd, env } = of;
    const child = fork(runHandler, [file, handler], { cwd, env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    child.stdout?.on('data', (text) => log(String(text)));
    child.stderr?.on('data', (text) => log(String(text)));
    const ended = once(child, 'exit').then(([code, signal]) => {
      instances.delete(instance);
      if (code !== 0) throw new Error(`${of.name} ended with ${code ?? signal}`);
    });
    ended.catch(() => undefined);
    const instance = { child, of, isBusy: true, ended };
    instances.add(instance);
    return instance;
  }

  /** Rejects if the function threw, or its process ended. */
  async function invoke(deployed: Deployed, invocation: Invocation): Promise<unknown> {
    const idle = [...instances].find(({ of, isBusy }) => of === deployed && !isBusy);
    const instance = idle ?? begun(deployed);
    instance.isBusy = true;
    const { child, ended } = instance;
    const answered = once(child, 'message').then(([message]): Invoked => message);
    child.send(invocation);
    const invoked = await Promise.race([answered, ended]);
    instance.isBusy = false;
    if (!areKept) {
      child.disconnect();
      await ended;
    }
    if (invoked && 'error' in invoked) throw new Error(`${deployed.name}: ${invoked.error}`);
    return invoked?.answer;
  }

  /** Answers how many were at work. */
  function kill(isDoomed: (name: string) => boolean): number {
    const doomed = [...instances].filter(({ of, isBusy }) => isBusy && isDoomed(of.name));
    for (const { child } of doomed) child.kill('SIGKILL');
    return doomed.length;
  }

  return {
    invoke,
    kill,
    stop(): void {
      for (const { child } of instances) child.kill('SIGKILL');
    },
  };
}
