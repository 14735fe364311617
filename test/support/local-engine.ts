import { randomUUID } from 'node:crypto';
import type { Queue } from '../../src/domain/queue.ts';
import { defaultWatchSettings } from '../../src/domain/settings.ts';
import {
  createLocalEngine,
  type LocalEngine,
  type LocalEngineOptions,
} from '../../src/engine/local/local-engine.ts';
import { openSqliteStorage } from '../../src/storage/sqlite/sqlite-storage.ts';
import type { World } from '../engine/a-world.ts';

export type { LocalEngine };

type Options = Omit<LocalEngineOptions, 'storage'> & { file: string; waitMs?: number };

/** The engine of one process on its real store, assembled as in the bot. */
export async function openLocalEngine(options: Options): Promise<LocalEngine> {
  const clock = options.clock ?? Date.now;
  const newId = options.newId ?? randomUUID;
  const storage = await openSqliteStorage({ ...options, clock, newId });
  return createLocalEngine({ ...options, storage });
}

/** The same in a world that a test holds in its hands. */
export function openEngineIn(
  world: World,
  file: string,
  queues: readonly Queue[],
  more: Partial<Options> = {},
): Promise<LocalEngine> {
  return openLocalEngine({
    file,
    waitMs: 0,
    moveTasks: world.moveTasks,
    notifier: world.notifier,
    settings: defaultWatchSettings,
    queueOf: (arn) => queues.find((queue) => queue.arn === arn),
    log: world.logger,
    clock: world.clock,
    random: () => 0.5,
    ...more,
  });
}
