import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type ActionWork, createActionWork } from '../engine/local/action-work.ts';
import type { Actions } from '../operations/actions/actions.ts';
import { createLocalActions } from '../operations/actions/local-actions.ts';
import type { ActionPorts } from '../operations/actions/ports.ts';
import type { Metrics } from '../operations/metrics.ts';
import { actionFile, actionFileName } from '../storage/sqlite/action-file.ts';
import { createSqliteActionStore } from '../storage/sqlite/action-store.ts';
import { type CheckedDatabase, openCheckedDatabase } from '../storage/sqlite/checked-database.ts';

export type LocalActions = Actions &
  Pick<ActionWork, 'start' | 'tick'> &
  Pick<CheckedDatabase, 'trouble'> & {
    /** Resolves when work in progress is done and the file is closed. */
    stop(): Promise<void>;
  };

type Given = Omit<ActionPorts, 'store' | 'newId' | 'random'> & { dataFolder: string; metrics?: Metrics };

/** Actions in one process: their file, the operations for Slack, and the engine that drives them. */
export async function openLocalActions({ dataFolder, metrics, ...given }: Given): Promise<LocalActions> {
  const { log, clock } = given;
  const file = join(dataFolder, actionFileName);
  const database = await openCheckedDatabase({ file, log, clock, form: actionFile });
  const store = createSqliteActionStore({ database, log, metrics, clock });
  const ports = { ...given, store, newId: randomUUID, random: Math.random };
  const actions = createLocalActions(ports, () => work.soon());
  const isUsable = () => database.isUsable();
  const work = createActionWork({ duties: actions, isUsable, clock, log });
  return {
    ...actions,
    start: () => work.start(),
    tick: async () => {
      await actions.settled();
      await work.tick();
      await actions.settled();
    },
    trouble: () => database.trouble(),
    stop: async () => {
      await work.stop();
      database.close();
    },
  };
}
