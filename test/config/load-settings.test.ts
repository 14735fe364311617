import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadSettings, parseSettings } from '../../src/config/parse-settings.ts';
import { goodSettings } from './settings-text.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dlq-tasks-settings-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('the file of settings', () => {
  test('is read, even with the mark that Windows editors put at its beginning', async () => {
    const path = join(folder, 'good.yml');
    await writeFile(path, `\ufeff${goodSettings.replaceAll('\n', '\r\n')}`);
    expect(await loadSettings(path)).toEqual(parseSettings(goodSettings));
  });

  test.each([
    [
      'is missing',
      'missing.yml',
      'file not found; create it with dlq-tasks discover --write, or set DLQ_TASKS_CONFIG to another path',
    ],
    ['is a folder', '.', 'this is a folder; set DLQ_TASKS_CONFIG to a file'],
    ['has an impossible name', 'a\0b', "the file can't be read (ERR_INVALID_ARG_VALUE)"],
  ])('that %s is one fault', async (_what, name, message) => {
    expect(await loadSettings(join(folder, name))).toEqual({ ok: false, faults: [{ path: '', message }] });
  });
});
