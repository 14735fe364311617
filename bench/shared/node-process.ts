import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import manifest from '../../package.json' with { type: 'json' };

/** In full, the compiled server, as the container image and the installed package run it: bench/run.ts compiles it. */
export const serverFiles = {
  full: fileURLToPath(new URL('../../dist/src/entry/server.js', import.meta.url)),
  quick: fileURLToPath(new URL('../../bin/server.js', import.meta.url)),
};
export const boltServer = fileURLToPath(new URL('bolt-server.ts', import.meta.url));
/** The flags that `npm start` passes to Node. */
export const serverFlags = manifest.scripts.start.split(' ').filter((word) => word.startsWith('--'));

export type NodeProcess = ReturnType<typeof startNode>;

/** A program in its own process, with these variables and no others. */
export function startNode(file: string, variables: Record<string, string>, flags: readonly string[] = []) {
  const child = spawn(process.execPath, [...flags, file], {
    env: { PATH: process.env['PATH'], ...variables },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit');
  const port = portSaidIn(child.stdout);
  port.catch(() => undefined);
  // Only known on Linux.
  const proc = (name: string) => {
    const file = `/proc/${child.pid}/${name}`;
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  };
  return {
    /** Resolves once it says that it is ready, with the port that it listens on. */
    port,
    /** For all its threads since it started. */
    cpuMs(): number {
      const [, , , , , , , , , , , user, system] = proc('stat').split(') ')[1]?.split(' ') ?? [];
      return (Number(user) + Number(system)) * 10;
    },
    memoryMb: () => Number(/VmRSS:\s+(\d+) kB/.exec(proc('status'))?.[1]) / 1024,
    async [Symbol.asyncDispose](): Promise<void> {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

function portSaidIn(output: Readable): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  let said = '';
  const read = (text: string) => {
    said += text;
    const port = /"port":(\d+).*"msg":"ready"/.exec(said)?.[1];
    if (port === undefined) return;
    resolve(Number(port));
    // From here on its log is read and discarded: a full pipe would block the program.
    output.off('data', read).resume();
  };
  output.setEncoding('utf8').on('data', read);
  output.once('end', () => reject(new Error(`it ended before it was ready:\n${said}`)));
  return promise;
}
