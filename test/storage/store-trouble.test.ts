import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { openDatabase } from '../../src/storage/sqlite/open-database.ts';
import { noon } from '../domain/watch/a-watch.ts';
import { aCard, aQueue, aWorld, kindsIn, pass, type World } from '../engine/a-world.ts';
import { setDiskFull } from '../support/full-disk.ts';
import { type LocalEngine, openEngineIn } from '../support/local-engine.ts';

const queue = aQueue();
const open = (world: World, file: string) => openEngineIn(world, file, [queue]);
const newFile = () => join(mkdtempSync(join(tmpdir(), 'trouble-')), 'data', 'watches.sqlite');

const watch = (watcher: LocalEngine, user: string, ts = '100.1') =>
  watcher.watch({ queue, startedAt: noon, card: aCard(ts), user });

/** Enough people that the file must grow. */
async function clicks(watcher: LocalEngine): Promise<string[]> {
  const outcomes: string[] = [];
  for (let number = 0; number < 12; number += 1) {
    const outcome = await watch(watcher, `U${number}`, `500.${number}`).then(
      ({ kind }) => kind,
      (error: unknown) => String(error),
    );
    if (!outcomes.includes(outcome)) outcomes.push(outcome);
  }
  return outcomes;
}

const cardsOf = async (watcher: LocalEngine) => (await watcher.list({})).map(({ card }) => card.ts);
const failuresIn = (world: World) => world.log.filter((line) => line.startsWith('storage failed'));

afterEach(() => setDiskFull(false));

/** The problem without the path: that is always the file. */
function troubleOf(watcher: Pick<LocalEngine, 'trouble'>) {
  const found = watcher.trouble();
  if (!found) return undefined;
  const { path, ...trouble } = found;
  expect(path).toMatch(/\.sqlite$/);
  return trouble;
}

describe('a disk that is full', () => {
  test("accepts no watch and doesn't poll, and everything is delivered once there is room", async () => {
    const world = aWorld();
    const watcher = await open(world, newFile());
    await watch(watcher, 'U1');
    await pass(world, watcher, 3);
    setDiskFull(true);
    const outcomes = await clicks(watcher);
    const accepted = await cardsOf(watcher);
    const polls = world.lists.length;
    await pass(world, watcher, 120);
    expect([outcomes.at(-1), troubleOf(watcher), world.lists.length - polls]).toEqual([
      "StoreUnusable: the data folder's disk is full",
      { kind: 'disk-full' },
      0,
    ]);
    expect(await cardsOf(watcher)).toEqual(accepted);
    // One line a minute.
    expect(failuresIn(world)).toHaveLength(2);
    setDiskFull(false);
    await pass(world, watcher, 60);
    expect([troubleOf(watcher), kindsIn(world.thread).filter((kind) => kind === 'ended').length]).toEqual([
      undefined,
      accepted.length,
    ]);
    await watcher.stop();
  });

  test('is noticed within a minute even if no one clicks', async () => {
    const world = aWorld();
    const watcher = await open(world, newFile());
    await pass(world, watcher, 3);
    setDiskFull(true);
    await pass(world, watcher, 60);
    expect(troubleOf(watcher)).toEqual({ kind: 'disk-full' });
    await watcher.stop();
  });
});

describe('a data folder', () => {
  async function aWatchedRedrive() {
    const world = aWorld();
    world.redrives.set(queue.name, [{ length: 120, end: 'COMPLETED', startedAt: noon }]);
    const file = newFile();
    const watcher = await open(world, file);
    await watch(watcher, 'U1');
    await pass(world, watcher, 3);
    return { world, file, folder: dirname(file), watcher };
  }
  const refused = (watcher: LocalEngine) =>
    watch(watcher, 'U2', '500.1').catch((error: unknown) => String(error));

  test('accepts no watch when deleted; once created again, it gets everything the bot knows', async () => {
    const { world, file, folder, watcher } = await aWatchedRedrive();
    rmSync(folder, { recursive: true });
    expect([await refused(watcher), troubleOf(watcher)]).toEqual([
      'StoreUnusable: the data folder is gone',
      { kind: 'folder-gone' },
    ]);
    await pass(world, watcher, 10);
    mkdirSync(folder);
    await pass(world, watcher, 6);
    expect([troubleOf(watcher), readdirSync(folder)]).toEqual([
      undefined,
      ['watches.sqlite', 'watches.sqlite-wal'],
    ]);
    expect((await watch(watcher, 'U2', '500.1')).kind).toBe('began');
    await watcher.stop();
    expect(readdirSync(folder)).toEqual(['watches.sqlite']);
    const next = await open(world, file);
    expect(await cardsOf(next)).toEqual(['100.1', '500.1']);
    await pass(world, next, 120);
    expect(kindsIn(world.thread).filter((kind) => kind === 'ended')).toHaveLength(2);
    await next.stop();
  });

  test('is created again with everything the bot knows when the bot stops', async () => {
    const { world, file, folder, watcher } = await aWatchedRedrive();
    rmSync(folder, { recursive: true });
    await watcher.stop();
    const next = await open(world, file);
    expect(await cardsOf(next)).toEqual(['100.1']);
    await next.stop();
  });

  test.each([
    ['all files', ['watches.sqlite', 'watches.sqlite-wal']],
    ['the file', ['watches.sqlite']],
    ["SQLite's log", ['watches.sqlite-wal']],
  ])('is written again if %s is deleted', async (_, names) => {
    const { world, file, folder, watcher } = await aWatchedRedrive();
    for (const name of names) rmSync(join(folder, name));
    expect(troubleOf(watcher)).toEqual({ kind: 'file-gone' });
    await pass(world, watcher, 6);
    expect([troubleOf(watcher), (await watch(watcher, 'U2', '500.1')).kind]).toEqual([undefined, 'began']);
    // What a killed process would leave behind.
    const left = join(mkdtempSync(join(tmpdir(), 'trouble-')), 'watches.sqlite');
    for (const suffix of ['', '-wal']) copyFileSync(`${file}${suffix}`, `${left}${suffix}`);
    const next = await open(world, left);
    expect(await cardsOf(next)).toEqual(['100.1', '500.1']);
    await next.stop();
    await watcher.stop();
  });

  test('is left alone while it contains another file', async () => {
    const { world, file, folder, watcher } = await aWatchedRedrive();
    renameSync(folder, `${folder}.old`);
    const other = await openDatabase(file);
    expect([await refused(watcher), troubleOf(watcher)]).toEqual([
      "StoreUnusable: another file has replaced the bot's data file",
      { kind: 'file-replaced' },
    ]);
    await pass(world, watcher, 10);
    other.close();
    renameSync(file, `${file}.other`);
    await pass(world, watcher, 6);
    expect([troubleOf(watcher), await cardsOf(watcher)]).toEqual([undefined, ['100.1']]);
    await watcher.stop();
  });

  test("says why if it is deleted and can't be written again", async () => {
    const world = aWorld();
    const file = newFile();
    const watcher = await open(world, file);
    await watch(watcher, 'U1');
    rmSync(file);
    expect(troubleOf(watcher)?.kind).toBe('file-gone');
    mkdirSync(`${file}.new`);
    await pass(world, watcher, 10);
    expect(troubleOf(watcher)).toMatchObject({ kind: 'not-writable' });
    await expect(watch(watcher, 'U2', '100.2')).rejects.toMatchObject({ trouble: { kind: 'not-writable' } });
    rmSync(`${file}.new`, { recursive: true });
    await pass(world, watcher, 10);
    expect(troubleOf(watcher)).toBeUndefined();
    expect(await cardsOf(watcher)).toEqual(['100.1']);
    await watcher.stop();
  });

  test('counts as gone if a file is in its place', async () => {
    const { world, folder, watcher } = await aWatchedRedrive();
    renameSync(folder, `${folder}.old`);
    writeFileSync(folder, '');
    const polls = world.lists.length;
    await pass(world, watcher, 30);
    expect([await refused(watcher), world.lists.length - polls]).toEqual([
      'StoreUnusable: the data folder is gone',
      0,
    ]);
    rmSync(folder);
    renameSync(`${folder}.old`, folder);
    await pass(world, watcher, 6);
    expect(troubleOf(watcher)).toBeUndefined();
    await watcher.stop();
  });
});
