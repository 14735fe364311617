/** Why nothing can be kept. `detail`: SQLite's or the system's own word. `path`: of the bot's file. */
export type StoreTrouble = { kind: StoreTroubleKind; detail?: string; path?: string };

export type StoreTroubleKind =
  | 'disk-full'
  | 'read-only'
  | 'not-writable'
  /** SQLite cannot make sense of the file. */
  | 'damaged'
  /** Nothing, or no folder, lies where it was. */
  | 'folder-gone'
  /** The folder is there, without the file. */
  | 'file-gone'
  | 'file-replaced'
  /** The folder's disk is not mounted, or another one is. */
  | 'other-disk';

const facts: Record<StoreTroubleKind, string> = {
  'disk-full': 'the disk of the data folder is full',
  'read-only': 'the data folder is read-only',
  'not-writable': 'the data folder cannot be written to',
  damaged: "the bot's file is damaged",
  'folder-gone': 'the data folder is gone',
  'file-gone': "the bot's file is gone from the data folder",
  'file-replaced': "another file lies in the place of the bot's file",
  'other-disk': 'the data folder is not on the disk where it was',
};

const remedies: Record<StoreTroubleKind, string> = {
  'disk-full': 'free some space, and the bot goes on by itself',
  'read-only': 'make it writable, and the bot goes on by itself',
  'not-writable': 'check its disk; the bot goes on by itself once it can write',
  damaged:
    'stop the bot and put a backup in its place; without one move the file and its -wal away, and the bot starts without watches',
  'folder-gone':
    'make it again, empty, or restart the bot, not with kill -9: it writes all its watches into it',
  'file-gone': 'the bot writes it again within seconds, if it can',
  'file-replaced': 'move it away, and the bot writes its own again; or restart the bot to use that file',
  'other-disk': 'mount that disk again; or restart the bot to use this folder',
};

/** What is wrong, without what to do. */
export function troubleInWords({ kind, detail }: StoreTrouble): string {
  return detail === undefined ? facts[kind] : `${facts[kind]} (${detail})`;
}

/** For whoever runs the bot: what is wrong, and what to do. */
export function troubleWithRemedy(trouble: StoreTrouble): string {
  const { kind, path } = trouble;
  const where = path === undefined ? '' : ` [${path}]`;
  return `${troubleInWords(trouble)}${where}: ${remedies[kind]}`;
}
