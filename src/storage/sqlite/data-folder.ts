import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import type { FolderFinding } from '../../domain/doctor/machine-checks.ts';
import { isBusy } from './sqlite-error.ts';

/** Where the watches are kept, within the data folder. */
const fileName = 'watches.sqlite';

/** Whether the folder could be used, without making or changing anything. */
export async function examineDataFolder(folder: string): Promise<FolderFinding> {
  const path = resolve(folder);
  try {
    const parent = await nearestThatIs(path);
    if (!(await stat(parent)).isDirectory()) return { kind: 'no-folder', path: parent };
    if (!(await isWritable(parent))) return { kind: 'not-writable', path: parent };
    if (parent !== path) return { kind: 'not-there-yet', parent };
    return await examineFile(join(path, fileName));
  } catch (error) {
    return { kind: 'unreadable', code: codeOf(error) };
  }
}

async function nearestThatIs(path: string): Promise<string> {
  try {
    await stat(path);
    return path;
  } catch (error) {
    const isMissing = codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR';
    if (!isMissing || dirname(path) === path) throw error;
    return nearestThatIs(dirname(path));
  }
}

async function examineFile(file: string): Promise<FolderFinding> {
  if (!(await isThere(file))) return { kind: 'ready' };
  if (!(await isWritable(file))) return { kind: 'not-writable', path: file };
  // A process that has the file open has its log beside it. Without one, opening the file would make one.
  return (await isThere(`${file}-wal`)) && isLocked(file) ? { kind: 'in-use' } : { kind: 'ready' };
}

/** Reads only, and takes no part in SQLite's shared memory, which would be written: when nobody has it, opening fails. */
function isLocked(file: string): boolean {
  const location = pathToFileURL(file);
  location.search = '?mode=ro&readonly_shm=1';
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(location, { readOnly: true, timeout: 0 });
    database.prepare('SELECT count(*) FROM sqlite_master').get();
    return false;
  } catch (error) {
    return isBusy(error);
  } finally {
    database?.close();
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function isWritable(path: string): Promise<boolean> {
  return access(path, constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
