import { DatabaseSync } from 'node:sqlite';

/**
 * The databases that this process has opened since this module was loaded, so that a test can limit their
 * size.
 */
const opened = new Set<DatabaseSync>();
const { exec } = DatabaseSync.prototype;
DatabaseSync.prototype.exec = function (sql: string) {
  opened.add(this);
  return exec.call(this, sql);
};

const most = 1_073_741_823;

/** To SQLite the disk is full: no file can grow. */
export function setDiskFull(isFull: boolean): void {
  for (const database of opened) {
    if (!database.isOpen) continue;
    const pages = Number(database.prepare('PRAGMA page_count').get()?.['page_count']);
    exec.call(database, `PRAGMA max_page_count = ${isFull ? pages : most}`);
  }
}
