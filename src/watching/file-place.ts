import { type BigIntStats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { StoreTrouble } from '../domain/store-trouble.ts';

/** Which file it is, whatever its name, and on which disk its folder lies. */
export type FilePlace = { ino: bigint; dev: bigint; folderDev: bigint };

export function placeOf(file: string): FilePlace {
  const { ino, dev } = statSync(file, { bigint: true });
  return { ino, dev, folderDev: statSync(dirname(file), { bigint: true }).dev };
}

/** Whether the file still lies where it was opened: SQLite itself goes on writing into one that was deleted. */
export function troubleOfPlace(file: string, place: FilePlace): StoreTrouble | undefined {
  try {
    const found = statIfThere(file);
    if (found)
      return found.ino === place.ino && found.dev === place.dev ? undefined : { kind: 'file-replaced' };
    const folder = statIfThere(dirname(file));
    if (!folder?.isDirectory()) return { kind: 'folder-gone' };
    return { kind: folder.dev === place.folderDev ? 'file-gone' : 'other-disk' };
  } catch (error) {
    return { kind: 'not-writable', detail: codeOf(error) };
  }
}

function statIfThere(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true });
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return undefined;
    throw error;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
