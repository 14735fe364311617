import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);
export const serverFile = fileURLToPath(new URL('bin/server.js', root));
export const boltServer = fileURLToPath(new URL('bolt-server.ts', import.meta.url));

const { scripts } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as {
  scripts: { start: string };
};
/** The flags with which `npm start` runs Node. */
export const serverFlags = scripts.start.split(' ').filter((word) => word.startsWith('--'));

export type NodeProcess = ReturnType<typeof startNode>;

/** A program in a process of its own, with these variables and no others. */
export function startNode(file: string, variables: Record<string, string>, flags: readonly string[] = []) {
  const child = spawn(process.execPath, [...flags, file], {
    env: { PATH: process.env['PATH'], ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // A bench that is broken off leaves nothing running.
  const endToo = () => child.kill('SIGKILL');
  process.once('exit', endToo);
  const gone = once(child, 'exit').then(() => process.off('exit', endToo));
  // Of Linux; elsewhere it is not known.
  const proc = (name: string) => {
    const file = `/proc/${child.pid}/${name}`;
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  };
  return {
    /** Resolves once it says that it is ready, with the port that it listens on. */
    port: portSaidBy(child),
    /** Of all its threads since it began. */
    cpuMs(): number {
      const [, , , , , , , , , , , user, system] = proc('stat').split(') ')[1]?.split(' ') ?? [];
      return (Number(user) + Number(system)) * 10;
    },
    memoryMb: () => Number(/VmRSS:\s+(\d+) kB/.exec(proc('status'))?.[1]) / 1024,
    async kill(): Promise<void> {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

function portSaidBy(child: ChildProcess): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  promise.catch(() => undefined);
  let said = '';
  const read = (text: string) => {
    said = `${said}${text}`.slice(-4_000);
    const port = /"port":(\d+).*"msg":"ready"/.exec(said)?.[1];
    if (port === undefined) return;
    resolve(Number(port));
    // From here on its log is taken and thrown away.
    child.stdout?.off('data', read).resume();
  };
  child.stdout?.setEncoding('utf8').on('data', read);
  child.stderr?.setEncoding('utf8').on('data', read);
  child.once('exit', (code) => reject(new Error(`it ended with ${code} before it was ready:\n${said}`)));
  return promise;
}
