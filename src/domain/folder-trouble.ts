import { type Explanation, type Phrase, phrase } from './wording.ts';

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
