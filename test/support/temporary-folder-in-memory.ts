import { access, constants, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const memory = '/dev/shm';
const enough = 256 * 1024 ** 2;

/**
 * Runs before `own-temporary-folder.ts`, which then is in memory: SQLite flushes each commit to the disk, so a
 * bot's new data folder takes a disk 14 ms, and memory less than 1. Long tests install packages there: too much.
 */
export async function setup(): Promise<void> {
  if (await isUsable()) process.env['TMPDIR'] = memory;
}

/** Containers often have little of it, and run no programs from it. */
async function isUsable(): Promise<boolean> {
  const program = join(memory, `dlq-tasks-tests-${process.pid}`);
  try {
    const { bavail, bsize } = await statfs(memory);
    await writeFile(program, '', { mode: 0o700 });
    await access(program, constants.X_OK);
    return bavail * bsize > enough;
  } catch {
    return false;
  } finally {
    await rm(program, { force: true }).catch(() => {});
  }
}
