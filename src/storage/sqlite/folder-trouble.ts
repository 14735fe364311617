import { accessSync, constants, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, resolve } from 'node:path';
import type { FolderTrouble } from '../../domain/folder-trouble.ts';
import { storeTroubleFrom } from './sqlite-error.ts';

/** Why the file could not be opened, as far as that can be found out. Changes nothing. */
export function folderTroubleFrom(error: unknown, file: string): FolderTrouble {
  const detail = error instanceof Error ? error.message : String(error);
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
export function troubleOfFolder(folder: string): FolderTrouble | undefined {
  const path = nearestThatIs(resolve(folder));
  return statSync(path).isDirectory() ? troubleWriting(path, constants.X_OK) : { kind: 'no-folder', path };
}

/** For the file and SQLite's files beside it: after one start as root, all of them belong to root. */
export function troubleOfFiles(file: string): FolderTrouble | undefined {
  const there = ['', '-wal', '-shm'].map((suffix) => `${file}${suffix}`).filter(isThere);
  return there.map((path) => troubleWriting(path)).find((trouble) => trouble !== undefined);
}

export function nearestThatIs(path: string): string {
  return isThere(path) || dirname(path) === path ? path : nearestThatIs(dirname(path));
}

/** As far as the permissions allow: in a folder that can't be entered, nothing is visible. */
export function isThere(path: string): boolean {
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

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
