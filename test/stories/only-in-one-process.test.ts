import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { onlyInOneProcess } from './only-in-one-process.ts';

test('every story that is told of one process only is one of them', async () => {
  const folder = new URL('.', import.meta.url);
  const files = (await readdir(folder)).filter((name) => /^actions-.*\.test\.ts$/.test(name));
  const texts = await Promise.all(files.map((name) => readFile(new URL(name, folder), 'utf8')));
  const all = texts.join('\n');
  expect(Object.keys(onlyInOneProcess).filter((title) => !all.includes(`'${title}'`))).toEqual([]);
});
