import { randomUUID } from 'node:crypto';
import {
  createLocalEngine,
  type LocalEngine,
  type LocalEngineOptions,
} from '../../src/engine/local/local-engine.ts';
import { openSqliteStorage } from '../../src/storage/sqlite/sqlite-storage.ts';

export type { LocalEngine };

type Options = Omit<LocalEngineOptions, 'storage'> & { file: string; waitMs?: number };

/** The engine of one process on its real store, joined as the bot joins them. */
export async function openLocalEngine(options: Options): Promise<LocalEngine> {
  const clock = options.clock ?? Date.now;
  const newId = options.newId ?? randomUUID;
  const storage = await openSqliteStorage({ ...options, clock, newId });
  return createLocalEngine({ ...options, storage });
}
