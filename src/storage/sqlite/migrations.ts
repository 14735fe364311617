import type { DatabaseSync } from 'node:sqlite';

/**
 * Each step runs once, in order; `user_version` counts the completed ones. Only append. A step may add only tables,
 * indexes and columns that can be left out, because an older version may open the file afterwards.
 * The columns other than `state` are for queries; `state` alone is the watch.
 */
export const watchSteps: readonly string[] = [
  `CREATE TABLE watches (
     id TEXT PRIMARY KEY,
     queue_arn TEXT NOT NULL,
     started_at INTEGER NOT NULL,
     channel TEXT NOT NULL,
     ts TEXT NOT NULL,
     created_at INTEGER NOT NULL,
     watchers TEXT NOT NULL,
     phase TEXT NOT NULL,
     look_at INTEGER,
     notice_at INTEGER,
     edit_at INTEGER,
     over_at INTEGER,
     state TEXT NOT NULL
   ) STRICT;
   CREATE UNIQUE INDEX one_live_watch ON watches (channel, ts, queue_arn, started_at)
     WHERE phase IN ('running', 'settling', 'bouncing');
   CREATE INDEX by_look ON watches (look_at, queue_arn) WHERE look_at IS NOT NULL;
   CREATE INDEX by_notice ON watches (notice_at) WHERE notice_at IS NOT NULL;
   CREATE INDEX by_edit ON watches (edit_at) WHERE edit_at IS NOT NULL;
   CREATE INDEX by_card ON watches (channel, ts);
   CREATE INDEX by_queue ON watches (queue_arn);
   CREATE INDEX by_over ON watches (over_at) WHERE over_at IS NOT NULL;`,
  `CREATE TABLE followings (
     queue_arn TEXT PRIMARY KEY,
     announcement_at INTEGER,
     state TEXT NOT NULL
   ) STRICT;`,
  'ALTER TABLE followings ADD COLUMN question_at INTEGER;',
  'CREATE TABLE writer (version TEXT NOT NULL) STRICT;',
  `CREATE TABLE expected_ends (
     queue_arn TEXT NOT NULL,
     started_at INTEGER NOT NULL,
     is_over INTEGER NOT NULL,
     state TEXT NOT NULL,
     PRIMARY KEY (queue_arn, started_at)
   ) STRICT, WITHOUT ROWID;`,
];

export function migrate(database: DatabaseSync, steps: readonly string[]): void {
  const row = database.prepare('PRAGMA user_version').get();
  const done = Number(row?.['user_version'] ?? 0);
  for (const [index, step] of steps.entries()) {
    if (index >= done) database.exec(`BEGIN IMMEDIATE; ${step} PRAGMA user_version = ${index + 1}; COMMIT;`);
  }
}
