import { spawn } from 'node:child_process';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { serverFile, serverFlags } from '../shared/bot-settings.ts';
import { type SignedCommand, signedCommand } from '../shared/signed-command.ts';

type Variables = Record<string, string | undefined>;

/** Milliseconds from starting the process until the function has answered one signed command. */
export async function functionStart(
  instance: string,
  file: string,
  { standInUrl, text, ...variables }: Variables & { standInUrl: string; text: string },
): Promise<number> {
  const { body, headers } = signedCommand(text, 'C1', standInUrl);
  const requestContext = { http: { method: 'POST', path: '/slack/events' } };
  const event = { version: '2.0', body, headers, requestContext, isBase64Encoded: false };
  const startedAt = performance.now();
  const child = spawn(process.execPath, [instance, file], {
    env: { PATH: process.env['PATH'], ...variables, BENCH_EVENT: JSON.stringify(event) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    let said = '';
    const read = (text: string) => {
      said += text;
      if (/^answered (?:200)?$/m.test(said)) resolve(performance.now() - startedAt);
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
    child.once('exit', (code) => reject(new Error(`no answer, ended with ${code}: ${said.slice(-2_000)}`)));
  });
}

/** The same for the server as `npm start` runs it: until it has acknowledged one signed command. */
export async function serverStart(variables: Variables, standInUrl: string, text: string): Promise<number> {
  const port = await freePort();
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...serverFlags, serverFile], {
    env: { PATH: process.env['PATH'], ...variables, PORT: String(port) },
    stdio: 'ignore',
  });
  try {
    while ((await statusOf(port, signedCommand(text, 'C1', standInUrl))) !== 200) {
      if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
      await sleep(2);
    }
    return performance.now() - startedAt;
  } finally {
    child.kill('SIGKILL');
  }
}

/** 0: nobody listens yet. */
function statusOf(port: number, { body, headers }: SignedCommand): Promise<number> {
  return new Promise((resolve) => {
    const path = '/slack/events';
    const sent = request(
      { host: '127.0.0.1', port, path, method: 'POST', headers, agent: false },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      },
    );
    sent.on('error', () => resolve(0));
    sent.end(body);
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
}
