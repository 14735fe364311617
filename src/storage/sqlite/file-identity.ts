import { type BigIntStats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { StoreTrouble } from '../../domain/store-trouble.ts';

/** Which file it is, whatever its name, on which disk its folder lies, and which SQLite's log beside it is. */
export type FilePlace = { file: string; log: string | undefined; folderDev: bigint };

export function placeOf(file: string): FilePlace {
  const folderDev = statSync(dirname(file), { bigint: true }).dev;
  return { file: nameless(statSync(file, { bigint: true })), log: logOf(file), folderDev };
}

/** Whether both still lie where they were opened: SQLite itself goes on writing into files that were deleted. */
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
