import {
  type DurableContext,
  type DurableExecutionConfig,
  type DurableLambdaHandler,
  withDurableExecution,
} from '@aws/durable-execution-sdk-js';
import * as z from 'zod';
import type { StartWatch } from '../../operations/watching/watch-store.ts';
import { usuallyHandOverAfter } from './operations-limit.ts';
import { createWatchRun, type Next, type RunOfWatch, type RunPorts } from './watch-run.ts';

export type DurableWatchPorts = RunPorts & {
  /** Starts the run that continues where this one must stop. */
  start: StartWatch;
  /** How many durable operations a run makes before it hands over. */
  handOverAfter?: number;
};

const WatchRun = z.object({ watch: z.string(), run: z.number() });

/** The watch engine on Lambda: one durable execution for each run of a watch. */
export function createDurableWatch(
  ports: DurableWatchPorts,
  config?: DurableExecutionConfig,
): DurableLambdaHandler {
  return withDurableExecution(async (event: unknown, context: DurableContext) => {
    const run = createWatchRun(WatchRun.parse(event), ports);
    const most = ports.handOverAfter ?? usuallyHandOverAfter;
    let operations = 0;
    let isFresh = true;
    while (operations < most) {
      const limits = { most: most - operations, isFresh };
      const { next, looks } = await pollsUntilSomethingToSend(run, limits, context);
      operations += 1 + looks;
      if (next.kind === 'over') return;
      if (next.kind === 'tell') operations += await deliverAll(next.keys, run, context);
      // One that could not hand over polls once more, and tries again at the poll after that.
      isFresh = next.kind === 'hand-over';
      if (next.kind !== 'hand-over') continue;
      operations += 1;
      if (await context.step('hand-over-to-other-rules', () => run.handOverIfPossible(ports.start))) return;
    }
    await context.step('hand-over', () => run.handOver(ports.start));
  }, config);
}

/** Lambda stores it while an execution waits, so its names stay: `looks` counts the polls. */
type Polled = { next: Next; looks: number };

/** Nothing random and no clock out here: all of it runs again at each replay, with the stored answers of the checks. */
function pollsUntilSomethingToSend(
  { poll }: RunOfWatch,
  { most, isFresh }: { most: number; isFresh: boolean },
  context: DurableContext,
): Promise<Polled> {
  const check = async ({ looks }: Polled): Promise<Polled> => ({
    next: await poll({ isFresh: isFresh && looks === 0 }),
    looks: looks + 1,
  });
  return context.waitForCondition('look', check, {
    initialState: { next: { kind: 'wait', seconds: 1 }, looks: 0 },
    waitStrategy: ({ next, looks }) =>
      next.kind === 'wait' && looks < most
        ? { shouldContinue: true, delay: { seconds: next.seconds } }
        : { shouldContinue: false },
  });
}

/**
 * Each notification is a step of its own. Delivering it once does not depend on the step, which runs again after a
 * crash.
 */
async function deliverAll(keys: readonly string[], { notify }: RunOfWatch, context: DurableContext) {
  let steps = 0;
  for (const key of keys) {
    steps += 1;
    if (!(await context.step(stepNameOf(key), () => notify(key)))) break;
  }
  return steps;
}

/** Lambda takes 1 to 64 of these characters. The last parts of a key say what it is about. */
function stepNameOf(key: string): string {
  return `tell-${key.split('/').slice(1).join('-')}`.replaceAll(/[^A-Za-z0-9_-]/g, '-').slice(0, 64);
}
