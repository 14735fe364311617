import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildResult, build } from 'esbuild';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { settingsInBundle } from '../../scripts/settings-in-bundle.ts';
import { settingsAsDeployed } from '../../src/entry/lambda/deployed-settings.ts';
import { settings } from './packaged-stage.ts';

const entry = fileURLToPath(new URL('../../src/entry/lambda/deployed-settings.ts', import.meta.url));

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dlq-tasks-settings-'));
  path = join(folder, 'dlq-tasks.yml');
});
afterEach(() => rm(folder, { recursive: true }));

async function bundled(): Promise<BuildResult & { text: string }> {
  const result = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    logLevel: 'silent',
    plugins: [settingsInBundle(path)],
  });
  return { ...result, text: result.outputFiles[0]?.text ?? '' };
}

async function deployedIn(text: string): Promise<unknown> {
  const module = await import(`data:text/javascript,${encodeURIComponent(text)}`);
  return module.settingsAsDeployed();
}

test('a bundle contains the settings of the file, and no code that reads it', async () => {
  await writeFile(path, settings);
  const { text } = await bundled();
  process.env['DLQ_TASKS_CONFIG'] = path;
  try {
    expect(await deployedIn(text)).toEqual(await settingsAsDeployed());
  } finally {
    delete process.env['DLQ_TASKS_CONFIG'];
  }
  expect(await deployedIn(text)).toMatchObject({ watch: { minPollSeconds: 1, maxPollSeconds: 2 } });
  expect(text.length).toBeLessThan(2_000);
});

test('bundles nothing if there are faults, and reports each with its line', async () => {
  await writeFile(path, settings.replace('111122223333"', '1"').replace('orders-dlq:', 'help:'));
  expect(() => settingsInBundle(path)).toThrow(
    /^Not packaged:\n\S+dlq-tasks\.yml:3 accounts\.prod\.id: .*\n\S+dlq-tasks\.yml:6 queues\.help: /,
  );
});

test('bundles with a warning without settings, and says so when used', async () => {
  const { text, warnings } = await bundled();
  expect(warnings.map((warning) => warning.text)).toEqual([expect.stringContaining(`there is no ${path}`)]);
  expect(await deployedIn(text)).toEqual({
    faults: `${path}: was missing when this was packaged; create it and deploy again`,
  });
});
