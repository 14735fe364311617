import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const launcher = join(root, 'bin', 'dlq-tasks.js');

async function ended(command: string, words: string[], env: Record<string, string> = {}) {
  const PATH = process.env['PATH'] ?? '';
  const child = spawn(command, words, {
    cwd: root,
    env: { PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code, out, err };
}

describe('dlq-tasks as a process', () => {
  test('answers on stdout with 0', async () => {
    expect(await ended(process.execPath, [launcher, 'help'])).toEqual({
      code: 0,
      out: expect.stringContaining('dlq-tasks shows and watches redrives'),
      err: '',
    });
  });

  test('compiles nothing that an earlier run compiled, and then reads no TypeScript', async () => {
    const help = () => ended(process.execPath, [launcher, 'help'], { NODE_DEBUG_NATIVE: 'COMPILE_CACHE' });
    await help();
    const { out, err } = await help();
    expect(out + err).toMatch(
      /reading cache from .*dlq-tasks.compiled.* for StrippedTypeScript .*cli\.ts.*success/,
    );
    expect(out + err).not.toContain('no such file');
  });

  test('complains on stderr, without colors if there is no terminal', async () => {
    const { code, out, err } = await ended(process.execPath, [launcher, 'status', 'orders-dlq'], {
      DLQ_TASKS_CONFIG: '/nowhere/dlq-tasks.yml',
    });
    expect({ code, out, err }).toEqual({
      code: 1,
      out: '',
      err: 'The settings have errors:\n/nowhere/dlq-tasks.yml: file not found; create it with dlq-tasks discover --write, or set DLQ_TASKS_CONFIG to another path\n',
    });
  });

  test('is what npx dlq-tasks runs in a checkout, without a network', async () => {
    const cache = await mkdtemp(join(tmpdir(), 'dlq-tasks-npx-'));
    const env = {
      HOME: cache,
      npm_config_cache: cache,
      npm_config_offline: 'true',
      npm_config_loglevel: 'error',
    };
    const { code, out } = await ended('npx', ['dlq-tasks', 'manifest', '--socket'], env);
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('socket_mode_enabled: true') });
    await rm(cache, { recursive: true });
  });

  test.skipIf(process.platform !== 'linux')('exits quietly when the reader stops reading', async () => {
    const script = `set -o pipefail; "${process.execPath}" "${launcher}" help | true; echo "$?"`;
    expect(await ended('bash', ['-c', script])).toEqual({ code: 0, out: '0\n', err: '' });
  });
});
