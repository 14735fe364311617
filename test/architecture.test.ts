import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

/** What Biome can't check. Import rules and the size of files and functions are in biome.json. */
const clockOrChance =
  /\bDate\.now\b|\bnew Date\b(?!\((?!\s*\)))|\bMath\.random\b|\bdayjs(?:\.utc)?\(\s*\)|\bperformance\.now\b|\brandomUUID\b/;
const demo = /from '[^']*(?:\/sandbox\/|\/demo)[^']*'|import\('[^']*\/sandbox\//;

/** The names of the fields for a message's place within a channel. */
const placeInChannel = /(?<![\w./-])ts\b|\.ts\b(?!['"`])|\bthread_?ts\b/i;
const mayNamePlaces = 'domain/message-place.ts';

const src = new URL('../src/', import.meta.url);
const sources = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.ts'))
  .map((path) => ({ path, text: readFileSync(new URL(path, src), 'utf8') }));

function whereFound(pattern: RegExp, isMeant: (path: string) => boolean): string[] {
  return sources.filter(({ path, text }) => isMeant(path) && pattern.test(text)).map(({ path }) => path);
}

test('domain/ reads no clock and uses no randomness', () => {
  expect(sources.length).toBeGreaterThan(50);
  expect(whereFound(clockOrChance, (path) => path.startsWith('domain/'))).toEqual([]);
});

test('only the demo needs the sandbox', () => {
  const isDemo = (path: string) => path.startsWith('entry/demo');
  expect(whereFound(demo, (path) => !isDemo(path))).toEqual([]);
});

test("to domain/ and operations/ a message's place within its channel is opaque", () => {
  const isInside = (path: string) => /^(?:domain|operations)\//.test(path) && path !== mayNamePlaces;
  expect(whereFound(placeInChannel, isInside)).toEqual([]);
});

/** All that is loaded with a file of src/, itself and packages included. */
function loadedWith(path: string, loaded = new Set<string>()): Set<string> {
  if (loaded.has(path)) return loaded;
  loaded.add(path);
  const text = sources.find((source) => source.path === path)?.text ?? '';
  for (const [, from = ''] of text.matchAll(/^(?:import|export) (?!type )(?:[^;]*?from )?'([^']+)'/gm)) {
    if (from.startsWith('.')) loadedWith(inSrc(from, path), loaded);
    else loaded.add(from);
  }
  return loaded;
}

function inSrc(relative: string, importer: string): string {
  return new URL(relative, new URL(importer, src)).href.slice(src.href.length);
}

test('front, for whose start a person waits, loads no package but aws4fetch', () => {
  const packages = [...loadedWith('entry/lambda/front.ts')].filter((it) => !it.endsWith('.ts'));
  expect(packages.filter((it) => !it.startsWith('node:'))).toEqual(['aws4fetch']);
});

test('the worker loads no schemas at startup, because people wait for it', () => {
  // In a bundle, the settings replace this module.
  const replaced = ['entry/lambda/deployed-settings.ts'];
  const loaded = loadedWith('entry/lambda/worker.ts', new Set(replaced));
  expect(loaded.size).toBeGreaterThan(50);
  expect(loaded).not.toContain('zod');
});

test('the server loads every lazy module at startup, because an upgrade may replace the files', () => {
  const loaded = loadedWith('entry/server.ts');
  const later = sources
    .filter(({ path }) => loaded.has(path))
    .flatMap(({ path, text }) =>
      [...text.matchAll(/\bimport\('(\.[^']+)'\)/g)].map(([, to = '']) => inSrc(to, path)),
    );
  expect(later).not.toEqual([]);
  expect(later.filter((path) => !loaded.has(path))).toEqual([]);
});

describe('the patterns find', () => {
  test.each(['Date.now()', 'new Date()', 'new Date;', 'dayjs()', 'Math.random()'])('%s', (text) => {
    expect(clockOrChance.test(text)).toBe(true);
  });

  test.each(['new Date(0)', 'dayjs(0)', 'updateNow()'])('not %s', (text) => {
    expect(clockOrChance.test(text)).toBe(false);
  });

  test.each([
    "import { s } from '../../sandbox/s.ts';",
    "import './demo.ts'; import { a } from './demo.ts';",
  ])('%s', (text) => expect(demo.test(text)).toBe(true));

  test.each(['card.ts;', 'const { ts } = card;', '{ threadTs: at }'])('a place in %s', (text) => {
    expect(placeInChannel.test(text)).toBe(true);
  });

  test.each(["from './card.ts'", '`card.ts`', 'const { channel } = card'])('no place in %s', (text) => {
    expect(placeInChannel.test(text)).toBe(false);
  });
});
