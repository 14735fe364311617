import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

export type NodeProcess = {
  pid: number;
  /** Resolves with the port that it says it listens on. */
  port: Promise<number>;
  /** Of all its threads since it began, in milliseconds. */
  cpuMs(): number;
  /** Resident memory, in MB. */
  memoryMb(): number;
  end(signal: NodeJS.Signals): Promise<void>;
};

const readyLine = /"port":(\d+).*"msg":"ready"/;

/** A program in a process of its own, with these variables and no others. */
export function startNode(
  file: string,
  variables: Record<string, string | undefined>,
  nodeFlags: readonly string[] = [],
): NodeProcess {
  // For a profile: BENCH_NODE_FLAGS=--cpu-prof npm run bench -- command
  const flags = [...nodeFlags, ...(process.env['BENCH_NODE_FLAGS']?.split(' ') ?? [])];
  const child = spawn(process.execPath, [...flags, file], {
    env: { PATH: process.env['PATH'], ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // A bench that is broken off leaves nothing running.
  const endToo = () => child.kill('SIGKILL');
  process.once('exit', endToo);
  child.once('exit', () => process.off('exit', endToo));
  const pid = child.pid ?? 0;
  return {
    pid,
    port: portSaidBy(child),
    cpuMs: () => cpuMsOf(pid),
    memoryMb: () => memoryMbOf(pid),
    async end(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill(signal);
      await gone;
    },
  };
}

function portSaidBy(child: ChildProcess): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  promise.catch(() => undefined);
  let said = '';
  const read = (text: string) => {
    said += text;
    const port = readyLine.exec(said)?.[1];
    if (port === undefined) return;
    resolve(Number(port));
    // From here on its log is taken and thrown away.
    child.stdout?.off('data', read).resume();
  };
  child.stdout?.setEncoding('utf8').on('data', read);
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(-4_000);
  });
  child.once('exit', (code) => reject(new Error(`it ended with ${code} before it was ready:\n${said}`)));
  return promise;
}

const ticksASecond = 100;

/** From Linux's /proc; elsewhere it is not known. */
function cpuMsOf(pid: number): number {
  const fields = proc(pid, 'stat').split(') ')[1]?.split(' ') ?? [];
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksASecond;
}

function memoryMbOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(proc(pid, 'status'))?.[1]) / 1024;
}

function proc(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}
