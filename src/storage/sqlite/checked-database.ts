import { dirname } from 'node:path';
import { type StoreTrouble, troubleAndRemedy } from '../../domain/store-trouble.ts';
import type { Log } from '../../operations/log.ts';
import { StoreUnusable } from '../../operations/watching/watch-store.ts';
import { makeFolder, openDatabaseFile } from './database-file.ts';
import type { DatabaseSchema } from './open-database.ts';
import { storeTroubleFrom } from './sqlite-error.ts';

export type CheckedDatabase = Awaited<ReturnType<typeof openCheckedDatabase>>;

export type CheckedDatabaseOptions = {
  file: string;
  waitMs?: number;
  log: Log;
  clock: () => number;
  /** Absent: that of the watches' file, which locks out all other processes. */
  schema?: DatabaseSchema;
};

const tryAgainAfterMs = 5_000;
const provenForMs = 60_000;
const logAgainAfterMs = 60_000;
const cannotWrite: readonly StoreTrouble['kind'][] = ['disk-full', 'read-only', 'not-writable'];

/** Needs as much space as a watch, and leaves nothing behind. */
const trial =
  'CREATE TABLE trial (filler BLOB); INSERT INTO trial VALUES (zeroblob(16384)); DROP TABLE trial;';

/**
 * Opens a database that checks that what is written is really on the disk. Waits for another process that still has the
 * file, as `openDatabase` does.
 */
export async function openCheckedDatabase(options: CheckedDatabaseOptions) {
  const { file, waitMs, log, clock, schema } = options;
  const opened = await openDatabaseFile(file, waitMs, schema);
  const health = healthOf(options);
  let triedAt = -Infinity;

  /** If the file is gone, the reason is why it couldn't be written again. */
  function whyMisplaced(): StoreTrouble | undefined {
    const wrong = opened.misplaced();
    const failing = health.failing();
    const isExplained = wrong?.kind === 'file-gone' && failing && cannotWrite.includes(failing.kind);
    return isExplained ? failing : wrong;
  }

  /** All or nothing, and on the disk when it returns. Throws StoreUnusable when it cannot be stored. */
  function transaction<T>(work: () => T): T {
    const wrong = whyMisplaced();
    if (wrong) throw health.fails(wrong);
    try {
      const result = opened.transaction(work);
      health.works();
      return result;
    } catch (error) {
      const trouble = storeTroubleFrom(error);
      throw trouble ? health.fails(trouble, error) : error;
    }
  }

  function tryOut(): void {
    const wrong = opened.misplaced();
    try {
      if (!opened.isOpen() || wrong?.kind === 'file-gone') {
        opened.writeAgain();
        log.warn({ file }, 'the data file was gone; wrote it again from memory');
      }
      transaction(() => opened.exec(trial));
    } catch (error) {
      if (error instanceof StoreUnusable) return;
      const detail = error instanceof Error ? error.message : String(error);
      health.fails(storeTroubleFrom(error) ?? { kind: 'not-writable', detail }, error);
    }
  }

  return {
    /** Prepared once. To write, use it in a transaction. */
    statement: opened.statement,
    transaction,
    /** Why nothing can be stored, if that is known right now. It writes nothing. */
    trouble: () => whyMisplaced() ?? health.failing(),
    /** Whether work can be stored. In case of trouble, and after a minute without a write, this is tested with a write. */
    isUsable: () => {
      const now = clock();
      const isInDoubt = health.failing() !== undefined || opened.misplaced() !== undefined;
      if (!isInDoubt && now - health.provenAt() < provenForMs) return true;
      if (isInDoubt && now - triedAt < tryAgainAfterMs) return false;
      triedAt = now;
      tryOut();
      return health.failing() === undefined;
    },
    close: () => {
      // The last chance to save what only this process has. The next start would create the folder anyway.
      if (opened.misplaced()?.kind === 'folder-gone') makeFolder(dirname(file));
      if (opened.misplaced()?.kind === 'file-gone') tryOut();
      opened.close();
    },
  };
}

/** Whether the last writes succeeded; logged once a minute while they fail. */
function healthOf({ file, log, clock }: CheckedDatabaseOptions) {
  let failing: StoreTrouble | undefined;
  let [provenAt, loggedAt] = [clock(), -Infinity];
  return {
    failing: () => failing,
    provenAt: () => provenAt,
    fails(given: StoreTrouble, cause?: unknown): StoreUnusable {
      const trouble = { ...given, path: file };
      failing = trouble;
      if (clock() - loggedAt >= logAgainAfterMs) {
        loggedAt = clock();
        const err = cause instanceof Error ? { err: cause } : {};
        const facts = { file, trouble: trouble.kind, ...err };
        log.error(facts, `storage failed: ${troubleAndRemedy(trouble)}`);
      }
      return new StoreUnusable(trouble, cause);
    },
    works(): void {
      provenAt = clock();
      if (failing) log.warn({ file, after: failing.kind }, 'storage works again');
      failing = undefined;
    },
  };
}
