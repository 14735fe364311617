import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../config/environment.ts';
import { offersRedrives } from '../domain/queue.ts';
import { createActionWork } from '../engine/local/action-work.ts';
import { waking } from '../engine/local/jobs.ts';
import { createLocalActions } from '../operations/actions/actions.ts';
import type { ActionPorts } from '../operations/actions/ports.ts';
import type { Metrics } from '../operations/metrics.ts';
import { openCheckedDatabase } from '../storage/sqlite/checked-database.ts';
import {
  actionFile,
  actionFileName,
  createSqliteActionStore,
} from '../storage/sqlite/sqlite-action-store.ts';
import { type ActingGiven, actingPorts } from './acting.ts';

export type LocalActions = Awaited<ReturnType<typeof openLocalActions>>;

type Given = Omit<ActionPorts, 'store' | 'newId' | 'random' | 'runs'> & {
  dataFolder: string;
  metrics?: Metrics;
};

/** Actions, if the settings allow them. What an earlier run requested is finished in any case. */
export async function openActing({
  environment: { dataFolder, readOnly },
  metrics,
  ...given
}: Omit<ActingGiven, 'readOnly'> & {
  environment: Pick<Environment, 'dataFolder' | 'readOnly'>;
  metrics: Metrics;
}): Promise<LocalActions | undefined> {
  const isUnused = !existsSync(join(dataFolder, actionFileName));
  if (!offersRedrives(given.settings.queues) && isUnused) return undefined;
  return openLocalActions({ ...actingPorts({ ...given, readOnly }), dataFolder, metrics });
}

export async function openLocalActions({ dataFolder, metrics, ...given }: Given) {
  const { log, clock } = given;
  const file = join(dataFolder, actionFileName);
  const database = await openCheckedDatabase({ file, log, clock, schema: actionFile });
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
    trouble: () => waking(database.trouble(), work.soon),
    /** Resolves when work in progress is done and the file is closed. */
    stop: async () => {
      await work.stop();
      database.close();
    },
  };
}
