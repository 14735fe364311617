import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const server = fileURLToPath(new URL('../../bin/server.js', import.meta.url));
const readyWithinMs = 30_000;

/** The real server in its own process, for the demo, which can kill and restart it. */
export function createBotProcess() {
  let child: ChildProcess | undefined;
  let variables: Record<string, string> = {};

  /** Resolves with the port once the bot is ready; rejects with its output if it ends before. */
  async function launch(): Promise<number> {
    const started = spawn(process.execPath, [server], {
      env: { PATH: process.env['PATH'], LOG_LEVEL: 'info', ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    const said: string[] = [];
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    started.stdout.setEncoding('utf8').on('data', (text: string) => {
      const port = /"port":(\d+).*"msg":"ready"/.exec(text)?.[1];
      if (port) resolve(Number(port));
      forward(text);
    });
    started.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
    started.once('exit', (code) => reject(new Error(`the bot ended with ${code}\n${said.join('')}`)));
    const timer = setTimeout(() => reject(new Error('the bot is not ready in time')), readyWithinMs);
    return promise.finally(() => clearTimeout(timer));
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ending = child;
    child = undefined;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const gone = once(ending, 'exit');
    ending.kill(signal);
    await gone;
  }

  return {
    /** The system chooses PORT at the first start; later starts reuse it. */
    async start(given: Record<string, string>): Promise<number> {
      variables = { PORT: '0', ...given };
      const port = await launch();
      variables = { ...variables, PORT: String(port) };
      return port;
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    /** A switch for the page: on kills the bot, off restarts it. */
    pageSwitch: {
      name: 'bot-killed',
      label: 'Kill the bot (kill -9)',
      isOn: () => child === undefined,
      set: (on: boolean) => {
        if (on) void end('SIGKILL');
        else if (!child) void launch().catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
      },
    },
  };
}

/** Shows the bot's warnings and errors; other lines only on request. */
function forward(text: string): void {
  const all = process.env['LOG_LEVEL'] === 'info' || process.env['LOG_LEVEL'] === 'debug';
  for (const line of text.split('\n')) {
    if (line !== '' && (all || /"level":"(?:warn|error|fatal)"/.test(line)))
      process.stdout.write(`${line}\n`);
  }
}
