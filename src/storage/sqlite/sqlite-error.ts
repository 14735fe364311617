import type { StoreTrouble, StoreTroubleKind } from '../../domain/store-trouble.ts';

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
