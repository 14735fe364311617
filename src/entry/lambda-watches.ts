import { setTimeout as pause } from 'node:timers/promises';
import { createInvokeFunction, type InvokeFunction } from '../aws/invoke-function.ts';
import { createWatchTable } from '../aws/watch-table.ts';
import type { Settings } from '../config/parse-settings.ts';
import type { Log } from '../operations/log.ts';
import type { StartWatch } from '../operations/watching/start-watch.ts';
import type { WatchRows } from '../operations/watching/watch-rows.ts';
import type { Watches } from '../operations/watching/watches.ts';
import { createRulesRow, type RulesRow } from '../watching/rules-row.ts';
import { runNameOf } from '../watching/run-name.ts';
import { createSharedWatches } from '../watching/shared-watches.ts';
import { awsCall } from './lambda-aws.ts';
import { variable } from './lambda-variables.ts';

type Env = Readonly<Record<string, string | undefined>>;

export function watchRows(env: Env): WatchRows {
  return createWatchTable(awsCall(env), variable('WATCH_TABLE', env));
}

/** What runs of older deployments compare their own rules with. */
export function rulesRow(env: Env): RulesRow {
  return createRulesRow({ rows: watchRows(env), clock: Date.now });
}

/**
 * Writes down the rules of this deployment, once; after a failure the next call tries again. Only for functions that are
 * replaced at each deployment: a version of `watch` may be an old one. It never rejects.
 */
export function rulesPublisher(env: Env, settings: () => Promise<Settings>, log: Log): () => Promise<void> {
  let published: Promise<void> | undefined;
  const publish = async () => rulesRow(env).publish(await settings());
  return () => {
    published ??= publish().catch((error: unknown) => {
      published = undefined;
      log.warn({ err: error }, 'older watches do not know yet which rules this deployment has');
    });
    return published;
  };
}

/** What people ask of watches, in the worker. */
export function sharedWatches(env: Env, log: Log): Watches {
  return createSharedWatches({ rows: watchRows(env), start: startWatch(env), clock: Date.now, log });
}

/** Starts the watch function by its alias: a run stays with the version that was deployed when it began. */
export function startWatch(env: Env): StartWatch {
  const functionName = variable('WATCH_FUNCTION', env);
  const qualifier = variable('WATCH_ALIAS', env);
  const invoke = createInvokeFunction(awsCall(env));
  return (run) => tryThrice(invoke, { functionName, qualifier, payload: run, durableName: runNameOf(run) });
}

/** The name starts one run however often it is asked for, so a try whose answer was lost does no harm. */
async function tryThrice(invoke: InvokeFunction, invocation: Parameters<InvokeFunction>[0]): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await invoke(invocation);
    } catch (error) {
      if (tries >= 3) throw error;
      await pause(tries * 300);
    }
  }
}
