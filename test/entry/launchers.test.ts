import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A checkout in which nothing is installed. */
let checkout: string;
beforeEach(async () => {
  checkout = await mkdtemp(join(tmpdir(), 'dlq-tasks-checkout-'));
  const files = ['bin', 'sandbox', 'src', 'package.json'];
  await Promise.all(files.map((name) => cp(join(root, name), join(checkout, name), { recursive: true })));
});
afterEach(() => rm(checkout, { recursive: true }));

async function launched(launcher: string, ...nodeOptions: string[]) {
  const child = spawn(process.execPath, [...nodeOptions, join(checkout, 'bin', launcher)], {
    env: {},
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code, out, err };
}

test('the demo without its packages says in a line which one is missing, and what to type', async () => {
  expect(await launched('demo.js')).toEqual({
    code: 1,
    out: '',
    err: expect.stringMatching(/^The demo needs .* \S+ isn't installed\. .*npm ci --include=dev.*\n$/),
  });
});

/** As far as a launcher can tell. */
const anOldNode = `--import=data:text/javascript,${encodeURIComponent(
  "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } })",
)}`;

test.each([
  ['server.js', 'npm start'],
  ['demo.js', 'npm run demo'],
  ['dlq-tasks.js', 'npx dlq-tasks'],
])('an old Node says in one line how to get a new one: %s', async (launcher, command) => {
  const line = (...words: string[]) =>
    new RegExp(
      `^dlq-tasks needs Node 24.15 or later, but this is 20.20.2. ${words.join('.*')}: ${command}\n$`,
    );
  expect(await launched(launcher, anOldNode)).toEqual({
    code: 1,
    out: '',
    err: expect.stringMatching(line('Install it', 'npm ci', '')),
  });
  const system = process.platform === 'win32' ? 'win' : process.platform;
  await mkdir(join(checkout, 'node_modules', `node-${system}-${process.arch}`), { recursive: true });
  expect(await launched(launcher, anOldNode)).toMatchObject({
    err: expect.stringMatching(line('npm ci installed a newer one', '')),
  });
});
