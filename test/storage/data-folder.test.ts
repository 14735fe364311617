import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { examineDataFolder } from '../../src/storage/sqlite/data-folder.ts';
import { openDatabase } from '../../src/storage/sqlite/open-database.ts';

let root: string;
let folder: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'dlq-tasks-folder-'));
  folder = join(root, 'data');
});
afterEach(() => rm(root, { recursive: true }));

const file = () => join(folder, 'watches.sqlite');

/** Names, sizes and modification times of everything in it. */
async function contents() {
  const names = await readdir(root, { recursive: true });
  return Promise.all(
    names.toSorted().map(async (name) => {
      const { size, mtimeMs } = await stat(join(root, name));
      return { name, size, mtimeMs };
    }),
  );
}

async function examined() {
  const before = await contents();
  const finding = await examineDataFolder(folder);
  expect(await contents()).toEqual(before);
  return finding;
}

describe('the data folder, inspected read-only,', () => {
  test('does not exist yet, and can be created', async () => {
    expect(await examined()).toEqual({ kind: 'not-there-yet', parent: root });
  });

  test('is empty', async () => {
    await mkdir(folder);
    expect(await examined()).toEqual({ kind: 'ready' });
  });

  test('was left by a bot that ended', async () => {
    (await openDatabase(file())).close();
    expect(await examined()).toEqual({ kind: 'ready' });
  });

  test('was left by a bot that was killed', async () => {
    const bot = await aProcessThatHolds(file());
    const gone = once(bot, 'exit');
    bot.kill('SIGKILL');
    await gone;
    expect(await readdir(folder)).toContain('watches.sqlite-wal');
    expect(await examined()).toEqual({ kind: 'ready' });
  });

  test('is used by a running bot, which is not disturbed', async () => {
    const bot = await aProcessThatHolds(file());
    expect(await examined()).toEqual({ kind: 'in-use' });
    const gone = once(bot, 'exit');
    bot.kill('SIGTERM');
    await gone;
  });

  test('is a file, or is below one', async () => {
    await writeFile(folder, '');
    expect(await examined()).toEqual({ kind: 'no-folder', path: folder });
    expect(await examineDataFolder(join(folder, 'deeper'))).toEqual({ kind: 'no-folder', path: folder });
  });

  test.skipIf(process.getuid?.() === 0)('may not be written to', async () => {
    await mkdir(folder);
    await chmod(folder, 0o500);
    const user = process.getuid?.();
    expect(await examined()).toEqual({ kind: 'not-allowed', path: folder, owner: user, user });
  });

  test('contains a file that is not a database, or is damaged', async () => {
    await mkdir(folder);
    await writeFile(file(), 'this is a text, and long enough to be taken for a header '.repeat(20));
    expect(await examined()).toEqual({ kind: 'damaged', path: file(), detail: 'file is not a database' });
    await rm(file());
    (await openDatabase(file())).close();
    const bytes = await readFile(file());
    await writeFile(file(), bytes.fill(0xff, 4_096));
    expect(await examined()).toMatchObject({ kind: 'damaged', path: file() });
  });
});

/** Root may do everything, so the process becomes another user first. */
const openingAsNobody = `
  const { openDatabase } = await import(process.argv[1]);
  process.setuid(65534);
  await openDatabase(process.argv[2]).catch((error) => process.stdout.write(error.message));
`;

test.runIf(process.getuid?.() === 0)(
  'is refused if it belongs to root, with both users, the path, and the remedy',
  async () => {
    await chmod(root, 0o755);
    await mkdir(folder);
    const opener = new URL('../../src/storage/sqlite/open-database.ts', import.meta.url).href;
    const child = spawn(process.execPath, ['--input-type=module', '-e', openingAsNobody, opener, file()]);
    const said = await text(child.stdout);
    // Every folder above is root's, too, and the first one that can't be entered is reported.
    expect(said).toMatch(
      /^\S+ belongs to user 0 \(root\), but the bot runs as user 65534, who isn't allowed to write to it\. /,
    );
    expect(said).toContain(
      `(mkdir -p ${folder} && chown -R 65534 ${folder}), or set DLQ_TASKS_DATA to a folder`,
    );
  },
);

const holder = `
  const { openDatabase } = await import(process.argv[1]);
  const database = await openDatabase(process.argv[2]);
  database.exec('CREATE TABLE held (a)');
  process.stdout.write('held');
  setInterval(() => database.isOpen, 1_000);
`;

/** SQLite's locks only affect other processes. */
async function aProcessThatHolds(path: string) {
  const opener = new URL('../../src/storage/sqlite/open-database.ts', import.meta.url).href;
  const child = spawn(process.execPath, ['--input-type=module', '-e', holder, opener, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}
