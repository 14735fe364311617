import { spawn } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { ended } from './installed-bot.ts';

const bin = fileURLToPath(new URL('../../bin/', import.meta.url));

describe('a Node that is too old', () => {
  /** What the launcher in that folder prints in a process that claims to be Node 20. */
  async function said(folder: string, more = '') {
    const old = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.9.0' } });${more}`;
    const words = [
      '--import',
      `data:text/javascript,${encodeURIComponent(old)}`,
      join(folder, 'dlq-tasks.js'),
    ];
    const { code, out, err } = await ended(
      spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] }),
    );
    expect({ code, out }).toEqual({ code: 1, out: '' });
    return err;
  }
  const needed = 'dlq-tasks needs Node 24.15 or later, but this is 20.9.0.';

  test('is told in a checkout that npm installs the right one', async () => {
    const glibc = "process.report.getReport = () => ({ header: { glibcVersionRuntime: '2.36' } });";
    expect(await said(bin, glibc)).toBe(
      `${needed} npm ci installed a newer one. To use it, type: npx dlq-tasks\n`,
    );
  });

  test.skipIf(process.platform !== 'linux')("is told on Alpine that npm can't install it", async () => {
    const musl = 'process.report.getReport = () => ({ header: {} });';
    expect(await said(bin, musl)).toMatch(
      /^dlq-tasks needs Node 24\.15 .* needs glibc, but this system uses musl/,
    );
  });

  test('is told with an installed package to install another one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dlq-tasks-launcher-'));
    await cp(bin, join(folder, 'bin'), { recursive: true });
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    expect(await said(join(folder, 'bin'))).toBe(
      `${needed} Install Node 24, for example from https://nodejs.org.\n`,
    );
    await rm(folder, { recursive: true });
  });
});

describe('the health check of the image', () => {
  const script = join(bin, 'health-check.js');
  const check = (env: Record<string, string>) =>
    ended(spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'pipe'] }));

  async function answeredWith(status: number, env: (port: string) => Record<string, string>) {
    const port = await freePort();
    const server = createServer(({ url }, response) => response.writeHead(status).end(`${status} ${url}`));
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    try {
      return await check(env(String(port)));
    } finally {
      server.close();
    }
  }

  test('passes when the bot is ready, and never uses a proxy', async () => {
    const env = (PORT: string) => ({ PORT, NODE_USE_ENV_PROXY: '1', HTTP_PROXY: 'http://127.0.0.1:1' });
    expect(await answeredWith(200, env)).toEqual({ code: 0, out: '200 /readyz', err: '' });
  });

  test('says why the bot is not ready', async () => {
    expect(await answeredWith(503, (PORT) => ({ PORT }))).toEqual({ code: 1, out: '503 /readyz', err: '' });
  });

  test("uses the bot's port and address", async () => {
    const env = (DLQ_TASKS_METRICS_PORT: string) => ({
      PORT: '1',
      DLQ_TASKS_METRICS_PORT,
      DLQ_TASKS_HOST: '127.0.0.1',
    });
    expect(await answeredWith(200, env)).toMatchObject({ code: 0 });
    expect(await check({ PORT: String(await freePort()) })).toEqual({
      code: 1,
      out: expect.stringContaining('ECONNREFUSED'),
      err: '',
    });
  });
});
