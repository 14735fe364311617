import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { bundleAt, compileCache } from '../support/bundles.ts';

const usualStartMs = 400;

/** The real server in its own process. Like a supervisor, it restarts one that exits by itself. */
export function createServerProcess(
  variables: Record<string, string>,
  { supervised = true, onLine }: { supervised?: boolean; onLine?: (line: string) => void } = {},
) {
  let child: ChildProcess | undefined;
  let ready = Promise.withResolvers<number>();
  let port = variables['PORT'] ?? '0';
  const said: string[] = [];
  let restarts = 0;
  let startMs = 0;
  let isReady = false;
  let onceReady: NodeJS.Signals | undefined;

  function spawnOne(): void {
    const startedAt = performance.now();
    const mine = spawn(process.execPath, [bundleAt('server')], {
      env: {
        PATH: process.env['PATH'],
        ...compileCache,
        LOG_LEVEL: 'debug',
        ...variables,
        PORT: port,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = mine;
    isReady = false;
    createInterface({ input: mine.stdout }).on('line', (line) => {
      onLine?.(line);
      const open = /"port":(\d+).*"msg":"ready"/.exec(line)?.[1];
      if (open === undefined || child !== mine) return;
      port = open;
      isReady = true;
      if (onceReady) mine.kill(onceReady);
      startMs = performance.now() - startedAt;
      ready.resolve(Number(open));
    });
    mine.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
    mine.once('exit', () => {
      if (child !== mine || !supervised) return;
      restarts += 1;
      spawnOne();
    });
  }

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    const mine = child;
    child = undefined;
    if (!mine || mine.exitCode !== null || mine.signalCode !== null) return mine?.exitCode ?? null;
    const gone = once(mine, 'exit');
    mine.kill(signal);
    await gone;
    return mine.exitCode;
  }

  return {
    /** Resolves with the port once it is ready. */
    start(): Promise<number> {
      ready = Promise.withResolvers();
      spawnOne();
      return ready.promise;
    },
    /** Resolves once the process is ready, whichever one it is by then. */
    ready: () => ready.promise,
    /** The signal is sent before this returns. */
    kill: () => end('SIGKILL'),
    /** Returns the exit code. */
    stop: () => end('SIGTERM'),
    /** Of a process that exits by itself. */
    async exitCode(): Promise<number | null> {
      const mine = child;
      if (mine && mine.exitCode === null) await once(mine, 'exit');
      return mine?.exitCode ?? null;
    },
    /**
     * Sent to the running process, and to each later one once it is ready: before that it may not handle
     * signals.
     */
    signalWhenReady(signal: NodeJS.Signals): void {
      onceReady = signal;
      if (isReady) child?.kill(signal);
    },
    stderr: () => said.join(''),
    restarts: () => restarts,
    /** How slow this machine is right now: 1 if the last start took no longer than on an idle machine. */
    slowness: () => Math.max(1, startMs / usualStartMs),
  };
}
