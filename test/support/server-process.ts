import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { expect } from 'vitest';
import { bundleAt, compileCache } from './bundles.ts';

export type ServerProcess = ReturnType<typeof startServerProcess>;

/** The real server in its own process, with these variables and no others. */
export function startServerProcess(variables: Record<string, string>) {
  const child = spawn(process.execPath, [bundleAt('server')], {
    env: { PATH: process.env['PATH'], ...compileCache, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return serverIn(child);
}

/** A server's process. */
export function serverIn(child: ChildProcessByStdio<null, Readable, Readable>) {
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const gone = once(child, 'close');
  const port = () => Number(/"port":(\d+).*"msg":"ready"/.exec(stdout)?.[1]);
  return {
    stdout: () => stdout,
    stderr: () => stderr,
    /** Everything it wrote, to stdout and stderr. */
    said: () => `${stdout}\n${stderr}`,
    /** The lines of its log. */
    lines: () =>
      stdout
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line): Record<string, unknown> => JSON.parse(line)),
    /** Its port, once it is ready. */
    async ready(): Promise<number> {
      await expect.poll(() => port() > 0 || child.exitCode, { timeout: 15_000 }).toBe(true);
      return port();
    },
    signal: (name: NodeJS.Signals) => child.kill(name),
    /** Stops reading its log. */
    stopReading: () => child.stdout.destroy(),
    isRunning: () => child.exitCode === null && child.signalCode === null,
    /** Resolves when it has exited and all output is read. */
    async exit(): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
      await gone;
      return { code: child.exitCode, signal: child.signalCode };
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}
