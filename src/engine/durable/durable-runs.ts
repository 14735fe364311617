import {
  type DurableContext,
  type DurableExecutionConfig,
  type DurableLambdaHandler,
  withDurableExecution,
} from '@aws/durable-execution-sdk-js';

/** Lambda ends an execution that has made this many durable operations. */
const operationsAtMost = 3_000;
/**
 * A run that has made nearly as many hands over to a new one, so that neither a long task nor a Slack that is down for a
 * day can use them up. The rest is for what one tick may still deliver.
 */
const usuallyHandOverAfter = operationsAtMost - 500;

/** What comes next. Lambda stores it between two rounds, so its names stay: `tell` delivers these notifications. */
export type Next =
  | { kind: 'wait'; seconds: number }
  | { kind: 'tell'; keys: string[] }
  | { kind: 'hand-over' }
  | { kind: 'over' };

export type DurableRun = {
  /** The name of the rounds in the execution's history. */
  rounds: string;
  /** Before the first round. Resolves with the number of operations it made. */
  begin?(context: DurableContext): Promise<number>;
  /** `before`: how many rounds there were. A run that was started just now (`isFresh`) has the newest settings. */
  round(given: { isFresh: boolean; before: number }): Promise<Next>;
  /** Delivers one notification. False: those behind it must wait. */
  notify?(key: string): Promise<boolean>;
  /** Starts the run that continues. Rejects when that is not certain. */
  handOver(): Promise<void>;
  /** Whether another run continues, with newer settings. */
  handOverIfPossible(): Promise<boolean>;
};

/** How many durable operations a run makes before it hands over. */
export type HandOver = { handOverAfter?: number };

/** An engine on Lambda: one durable execution for each run, as long as there is anything to do. */
export function createDurableRuns(
  runOf: (event: unknown) => DurableRun,
  { handOverAfter: most = usuallyHandOverAfter }: HandOver,
  config?: DurableExecutionConfig,
): DurableLambdaHandler {
  return withDurableExecution(async (event: unknown, context: DurableContext) => {
    const run = runOf(event);
    let operations = (await run.begin?.(context)) ?? 0;
    let isFresh = true;
    while (operations < most) {
      const { next, looks } = await roundsUntilDone(run, { most: most - operations, isFresh }, context);
      operations += 1 + looks;
      if (next.kind === 'over') return;
      if (next.kind === 'tell') operations += await deliverAll(next.keys, run, context);
      // If it couldn't hand over, it continues for one round and tries again.
      isFresh = next.kind === 'hand-over';
      if (!isFresh) continue;
      operations += 1;
      if (await context.step('hand-over-to-other-rules', () => run.handOverIfPossible())) return;
    }
    await context.step('hand-over', () => run.handOver());
  }, config);
}

/** Lambda stores it while an execution waits, so its names stay: `looks` counts the rounds. */
type Rounds = { next: Next; looks: number };

/** Nothing random and no clock out here: all of it runs again at each replay, with the stored answers of the rounds. */
function roundsUntilDone(
  { rounds, round }: DurableRun,
  { most, isFresh }: { most: number; isFresh: boolean },
  context: DurableContext,
): Promise<Rounds> {
  const check = async ({ looks }: Rounds): Promise<Rounds> => ({
    next: await round({ isFresh: isFresh && looks === 0, before: looks }),
    looks: looks + 1,
  });
  return context.waitForCondition(rounds, check, {
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
async function deliverAll(keys: readonly string[], { notify }: DurableRun, context: DurableContext) {
  let steps = 0;
  for (const key of keys) {
    steps += 1;
    if (!(await context.step(stepNameOf(key), async () => notify?.(key)))) break;
  }
  return steps;
}

/** Lambda takes 1 to 64 of these characters. The last parts of a key say what it is about. */
function stepNameOf(key: string): string {
  return `tell-${key.split('/').slice(1).join('-')}`.replaceAll(/[^A-Za-z0-9_-]/g, '-').slice(0, 64);
}
