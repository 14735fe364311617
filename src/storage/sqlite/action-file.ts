import type { DatabaseSchema } from './open-database.ts';

/** Where the actions are stored, within the data folder. */
export const actionFileName = 'actions.sqlite';

/**
 * Normal locking, and a journal that exists only during a write: the command line reads the file while the bot runs, even
 * from a folder that it can't write to. EXTRA: the record of an imminent call survives a power cut.
 */
export const actionFile: DatabaseSchema = {
  pragmas: 'PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA;',
  /** Only append; a step may add only what older versions can ignore. */
  steps: [
    `CREATE TABLE actions (
       id TEXT PRIMARY KEY,
       queue_arn TEXT NOT NULL,
       kind TEXT NOT NULL,
       state_name TEXT NOT NULL,
       version INTEGER NOT NULL,
       requested_at INTEGER NOT NULL,
       started_at INTEGER,
       is_open INTEGER NOT NULL,
       due_at INTEGER,
       state TEXT NOT NULL
     ) STRICT;
     CREATE UNIQUE INDEX one_open_action ON actions (queue_arn) WHERE is_open = 1;
     CREATE INDEX actions_of_queue ON actions (queue_arn, requested_at);
     CREATE INDEX actions_due ON actions (due_at) WHERE due_at IS NOT NULL;
     CREATE TABLE record (
       number INTEGER PRIMARY KEY AUTOINCREMENT,
       action_id TEXT NOT NULL,
       at INTEGER NOT NULL,
       from_state TEXT,
       to_state TEXT NOT NULL,
       state TEXT NOT NULL
     ) STRICT;
     CREATE INDEX record_of_action ON record (action_id);`,
    // A redrive may be canceled while a request waits.
    `DROP INDEX one_open_action;
     CREATE UNIQUE INDEX one_open_action_of_a_kind ON actions (queue_arn, kind) WHERE is_open = 1;`,
  ],
};
