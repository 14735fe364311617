import { type Explanation, type Phrase, phrase } from './wording.ts';

/** Why nothing can be stored. `detail`: what SQLite, the system or AWS said. `path`: the bot's file. */
export type StoreTrouble = { kind: StoreTroubleKind; detail?: string; path?: string };

/** What is wrong, and what to do about it. */
const inWords = {
  'disk-full': ["the data folder's disk is full", 'free some space; the bot then continues on its own'],
  'read-only': ['the data folder is read-only', 'make it writable; the bot then continues on its own'],
  'not-writable': [
    "the data folder can't be written to",
    'check its disk; the bot continues on its own once it can write',
  ],
  /** SQLite can't read the file. */
  damaged: [
    "the bot's data file is damaged",
    'stop the bot and restore a backup; if you have none, move the file, and all files beside it that begin with its name, somewhere else and the bot starts without what was in it',
  ],
  /** There is nothing at its path, or something that is not a folder. */
  'folder-gone': [
    'the data folder is gone',
    'create it again, empty, or restart the bot (not with kill -9); the bot then writes all its watches to it',
  ],
  /** The folder is there, but the file is not. */
  'file-gone': [
    "the bot's data file is gone from the data folder",
    'the bot writes it again within a minute, if it can',
  ],
  'file-replaced': [
    "another file has replaced the bot's data file",
    'move it somewhere else and the bot writes its own again, or restart the bot to use that file',
  ],
  /** The folder's disk is not mounted, or another one is. */
  'other-disk': [
    'the data folder is on a different disk than before',
    'mount the old disk again, or restart the bot to use this folder',
  ],
  /** DynamoDB refuses, or does not answer. */
  'table-unusable': [
    "the bot's table can't be used",
    'the log says why; the bot continues on its own once the table can be used',
  ],
} satisfies Record<string, [fact: string, remedy: string]>;
export type StoreTroubleKind = keyof typeof inWords;

/** What is wrong, without the remedy. */
export function troubleInWords({ kind, detail }: StoreTrouble): string {
  const [fact] = inWords[kind];
  return detail === undefined ? fact : `${fact} (${detail})`;
}

export function troubleAndRemedy(trouble: StoreTrouble): string {
  const { kind, path } = trouble;
  const where = path === undefined ? '' : ` [${path}]`;
  return `${troubleInWords(trouble)}${where}: ${inWords[kind][1]}`;
}

/** Why the data folder, or the file in it, can't be used. `path`: what is at fault, for example the folder's parent. */
export type FolderTrouble =
  /** It is a file, where a folder should be. */
  | { kind: 'no-folder'; path: string }
  /** `owner` and `user` are ids of users; absent where the system has none. */
  | { kind: 'not-allowed'; path: string; owner?: number; user?: number }
  | { kind: 'read-only'; path: string }
  | { kind: 'disk-full'; path: string }
  /** `detail`: what SQLite said. */
  | { kind: 'damaged'; path: string; detail: string }
  | { kind: 'unusable'; path: string; detail: string };

export function explainFolderTrouble(trouble: FolderTrouble, folder: string): Explanation {
  const another = phrase`set DLQ_TASKS_DATA to a folder that the bot's user can write to`;
  const { path } = trouble;
  switch (trouble.kind) {
    case 'no-folder':
      return {
        meaning: phrase`${path} is a file, not a folder.`,
        remedy: phrase`Move it somewhere else, or ${another}.`,
      };
    case 'not-allowed':
      return explainNotAllowed(trouble, folder, another);
    case 'read-only':
      return {
        meaning: phrase`${path} is on a read-only disk.`,
        remedy: phrase`Make the disk writable, or ${another}.`,
      };
    case 'disk-full':
      return {
        meaning: phrase`The disk that holds ${path} is full.`,
        remedy: phrase`Free some space, or ${another}.`,
      };
    case 'damaged':
      return {
        meaning: phrase`${path} is damaged (${trouble.detail}).`,
        remedy: phrase`Restore it from a backup. If you have none, move it and all files beside it that begin with its name somewhere else: the bot then starts without what was in it.`,
      };
    case 'unusable':
      return {
        meaning: phrase`${path} can't be used (${trouble.detail}).`,
        remedy: phrase`Check the disk, or ${another}.`,
      };
  }
}

function explainNotAllowed(
  { path, owner, user }: Extract<FolderTrouble, { kind: 'not-allowed' }>,
  folder: string,
  another: Phrase,
): Explanation {
  if (owner === undefined || user === undefined || owner === user) {
    return {
      meaning: phrase`The bot isn't allowed to write to ${path}.`,
      remedy: phrase`Give its user write permission, or ${another}.`,
    };
  }
  return {
    meaning: phrase`${path} belongs to ${userInWords(owner)}, but the bot runs as ${userInWords(user)}, who isn't allowed to write to it.`,
    remedy: phrase`Make the bot's user the owner of the data folder (${`mkdir -p ${folder} && chown -R ${user} ${folder}`}), or ${another}.`,
  };
}

function userInWords(id: number): Phrase {
  return phrase`user ${id}${[id === 0 ? ' (root)' : '']}`;
}
