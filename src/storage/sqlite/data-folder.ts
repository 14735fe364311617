import { accessSync, type BigIntStats, constants, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import type { FolderFinding } from '../../domain/doctor/machine-checks.ts';
import type { FolderTrouble, StoreTrouble, StoreTroubleKind } from '../../domain/store-trouble.ts';
import { messageOf } from '../../domain/wording.ts';

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

/** Why the file could not be opened, as far as that can be found out. Changes nothing. */
export function folderTroubleFrom(error: unknown, file: string): FolderTrouble {
  const detail = messageOf(error);
  const kind = storeTroubleFrom(error)?.kind;
  if (kind === 'damaged') return { kind, path: file, detail };
  if (kind === 'disk-full' || codeOf(error) === 'ENOSPC') return { kind: 'disk-full', path: file };
  return (
    troubleOfFolder(dirname(file)) ??
    troubleOfFiles(file) ??
    (codeOf(error) === 'EROFS' ? { kind: 'read-only', path: file } : { kind: 'unusable', path: file, detail })
  );
}

/** For the folder, or for the folder in which it would be created. */
function troubleOfFolder(folder: string): FolderTrouble | undefined {
  const path = nearestThatIs(resolve(folder));
  return statSync(path).isDirectory() ? troubleWriting(path, constants.X_OK) : { kind: 'no-folder', path };
}

/** For the file and SQLite's files beside it: after one start as root, all of them belong to root. */
function troubleOfFiles(file: string): FolderTrouble | undefined {
  const there = ['', '-wal', '-shm'].map((suffix) => `${file}${suffix}`).filter(isThere);
  return there.map((path) => troubleWriting(path)).find((trouble) => trouble !== undefined);
}

function nearestThatIs(path: string): string {
  return isThere(path) || dirname(path) === path ? path : nearestThatIs(dirname(path));
}

/** As far as the permissions allow: in a folder that can't be entered, nothing is visible. */
function isThere(path: string): boolean {
  try {
    statSync(path);
    return true;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes(codeOf(error))) return false;
    throw error;
  }
}

function troubleWriting(path: string, also = 0): FolderTrouble | undefined {
  try {
    accessSync(path, constants.R_OK | constants.W_OK | also);
    return undefined;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EROFS') return { kind: 'read-only', path };
    return code === 'EACCES' || code === 'EPERM'
      ? { kind: 'not-allowed', path, ...owners(path) }
      : { kind: 'unusable', path, detail: code };
  }
}

function owners(path: string): { owner?: number; user?: number } {
  const { uid: user } = userInfo();
  // Windows has no such ids.
  return user < 0 ? {} : { owner: statSync(path).uid, user };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}

/** SQLite's primary result codes: https://www.sqlite.org/rescode.html */
const codes = { busy: 5, locked: 6 };

/** Why nothing can be stored; other errors are bugs. */
const kinds: Record<number, StoreTroubleKind> = {
  // Another process has held the file for longer than we wait.
  5: 'not-writable',
  8: 'read-only',
  10: 'not-writable',
  11: 'damaged',
  13: 'disk-full',
  14: 'not-writable',
  26: 'damaged',
};

function primaryCodeOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number')
    return undefined;
  return error.errcode & 0xff;
}

export function isBusy(error: unknown): boolean {
  const code = primaryCodeOf(error);
  return code === codes.busy || code === codes.locked;
}

export function storeTroubleFrom(error: unknown): StoreTrouble | undefined {
  const kind = kinds[primaryCodeOf(error) ?? 0];
  if (!kind) return undefined;
  const needsWords = kind === 'not-writable' || kind === 'damaged';
  return needsWords && error instanceof Error ? { kind, detail: error.message } : { kind };
}

/** The identity of the file, of its folder's disk, and of SQLite's write-ahead log. */
export type FilePlace = { file: string; log: string | undefined; folderDev: bigint };

export function placeOf(file: string): FilePlace {
  const folderDev = statSync(dirname(file), { bigint: true }).dev;
  return { file: nameless(statSync(file, { bigint: true })), log: logOf(file), folderDev };
}

/** Whether both are still where they were opened: SQLite itself continues writing into deleted files. */
export function troubleOfPlace(file: string, place: FilePlace): StoreTrouble | undefined {
  try {
    const found = statIfThere(file);
    if (found && nameless(found) !== place.file) return { kind: 'file-replaced' };
    if (found && logOf(file) === place.log) return undefined;
    const folder = statIfThere(dirname(file));
    if (!folder?.isDirectory()) return { kind: 'folder-gone' };
    return { kind: folder.dev === place.folderDev ? 'file-gone' : 'other-disk' };
  } catch (error) {
    return { kind: 'not-writable', detail: codeOf(error) };
  }
}

function logOf(file: string): string | undefined {
  const found = statIfThere(`${file}-wal`);
  return found && nameless(found);
}

function nameless({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`;
}

function statIfThere(path: string): BigIntStats | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false });
}
