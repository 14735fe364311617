import { copyFile, mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { serverIn } from '../support/server-process.ts';
import { signalFirst, startContainer, whyNoContainers } from './container-on-this-machine.ts';
import { buildImage, type Image } from './image-on-this-machine.ts';
import {
  ended,
  expectBotToWork,
  expectCommandsToWork,
  type StageWithRedrive,
  startStageWithRedrive,
} from './installed-bot.ts';

const why = whyNoContainers();

describe.skipIf(why)(`the image of the Dockerfile's steps${why ? ` (skipped: ${why})` : ''}`, () => {
  let image: Image;
  let stage: StageWithRedrive;
  let env: Record<string, string>;
  beforeAll(async () => {
    [image, stage] = await Promise.all([buildImage(), startStageWithRedrive()]);
    const { DLQ_TASKS_CONFIG: _config, DLQ_TASKS_DATA: _data, ...variables } = stage.variables;
    env = { ...image.env, ...variables, PORT: String(await freePort()) };
    await mkdir(join(image.root, 'etc/dlq-tasks'));
    await copyFile(stage.config, join(image.root, 'etc/dlq-tasks/dlq-tasks.yml'));
  }, 20 * 60_000);
  afterAll(async () => {
    await stage?.[Symbol.asyncDispose]();
    await image?.[Symbol.asyncDispose]();
  });

  const startCommand = (command: readonly string[], more: Record<string, string> = {}) => {
    const { root, user, volumes, cwd } = image;
    return startContainer({ root, user, volumes, cwd, env: { ...env, ...more }, command });
  };
  const start = (words: readonly string[]) => startCommand([...image.entryPoint, ...words]);
  const shell = (command: string) => ended(startCommand(['sh', '-c', command]));

  test('contains the package and production dependencies, but no second Node and nothing built for one libc', async () => {
    expect(await readdir(join(image.root, 'app'))).toEqual(
      expect.arrayContaining(['LICENSE', 'README.md', 'bin', 'dist', 'node_modules', 'package.json']),
    );
    const files = await readdir(join(image.root, 'app'), { recursive: true });
    const strangers = /(?:^|\/)\.?bin\/node(?:\.exe)?$|\.node$|^dist\/.*sandbox|dlq-tasks\.yml$/;
    expect(files.filter((path) => strangers.test(path))).toEqual([]);
    const packages = await readdir(join(image.root, 'app/node_modules'));
    expect(packages).toContain('pino');
    for (const name of ['typescript', 'vitest', 'esbuild', 'bundled-node', 'react'])
      expect(packages).not.toContain(name);
  });

  test('runs as a user who can write to the volume and nowhere else', async () => {
    const attempt = 'id -u; touch /data/x && rm /data/x; for at in /app /etc /tmp /; do touch $at/x; done';
    const { out, err } = await shell(attempt);
    expect(out).toBe('1000\n');
    expect(err.match(/Read-only file system/g)).toHaveLength(4);
    expect(err).not.toContain('/data');
  });

  test('answers doctor, status, manifest and demo', () => expectCommandsToWork(start));

  test('serves as process 1, reports its health, keeps watches in the volume, and stops on SIGTERM', async () => {
    const child = start(image.command);
    await using server = serverIn(child);
    await expectBotToWork(stage, server);
    const proxied = { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: 'http://127.0.0.1:1' };
    expect(await ended(startCommand(image.healthCheck, proxied))).toEqual({
      code: 0,
      out: '{"status":"ready"}\n',
      err: '',
    });
    expect((await stat(join(image.root, 'data/watches.sqlite'))).uid).toBe(1_000);
    await signalFirst(child.pid, 'SIGTERM');
    expect(await server.exit()).toEqual({ code: 0, signal: null });
    expect(server.stderr()).toBe('');
    expect(await ended(startCommand(image.healthCheck))).toMatchObject({ code: 1 });
  });
});
