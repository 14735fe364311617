import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import type { FolderFinding } from '../../domain/doctor/machine-checks.ts';
import {
  folderTroubleFrom,
  isThere,
  nearestThatIs,
  troubleOfFiles,
  troubleOfFolder,
} from './folder-trouble.ts';
import { isBusy } from './sqlite-error.ts';

const fileName = 'watches.sqlite';

/** Whether the folder could be used. Creates and changes nothing. */
export async function examineDataFolder(folder: string): Promise<FolderFinding> {
  const path = resolve(folder);
  const file = join(path, fileName);
  try {
    const parent = nearestThatIs(path);
    const trouble = troubleOfFolder(path) ?? (parent === path ? troubleOfFiles(file) : undefined);
    if (trouble) return trouble;
    return parent === path ? examineFile(file) : { kind: 'not-there-yet', parent };
  } catch (error) {
    return folderTroubleFrom(error, file);
  }
}

function examineFile(file: string): FolderFinding {
  if (!isThere(file)) return { kind: 'ready' };
  // A process that has the file open has its log beside it. Without one, opening the file would make one.
  if (!isThere(`${file}-wal`)) return damageIn(file) ?? { kind: 'ready' };
  return isLocked(file) ? { kind: 'in-use' } : { kind: 'ready' };
}

/** No process has it open, so it can be read as is. */
function damageIn(file: string): FolderFinding | undefined {
  try {
    const said = readIn(file, 'immutable=1', 'PRAGMA quick_check(1)')?.['quick_check'];
    return said === 'ok' ? undefined : { kind: 'damaged', path: file, detail: String(said) };
  } catch (error) {
    return folderTroubleFrom(error, file);
  }
}

/** Without SQLite's shared memory, which would be written. Opening fails if no process has the file. */
function isLocked(file: string): boolean {
  try {
    readIn(file, 'readonly_shm=1', 'SELECT count(*) FROM sqlite_master');
    return false;
  } catch (error) {
    return isBusy(error);
  }
}

function readIn(file: string, options: string, sql: string): Record<string, unknown> | undefined {
  const location = pathToFileURL(file);
  location.search = `?mode=ro&${options}`;
  const database = new DatabaseSync(location, { readOnly: true, timeout: 0 });
  try {
    return database.prepare(sql).get();
  } finally {
    database.close();
  }
}
