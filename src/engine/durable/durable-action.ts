import {
  type DurableContext,
  type DurableExecutionConfig,
  type DurableLambdaHandler,
  StepSemantics,
  withDurableExecution,
} from '@aws/durable-execution-sdk-js';
import * as z from 'zod';
import type { StartActionRun } from '../../operations/actions/action-runs.ts';
import { type ActionRunPorts, createActionRun, type NextRound } from './action-run.ts';
import { usuallyHandOverAfter } from './operations-limit.ts';

export type DurableActionPorts = ActionRunPorts & {
  /** Starts the run that continues where this one must stop. */
  start: StartActionRun;
  /** How many durable operations a run makes before it hands over. */
  handOverAfter?: number;
};

const Run = z.object({ action: z.string(), run: z.number() });
type RunOfAction = ReturnType<typeof createActionRun>;

/** After a crash it is not repeated: nobody knows what it did. Both are needed for that. */
const onceAtMost = {
  semantics: StepSemantics.AtMostOncePerRetry,
  retryStrategy: () => ({ shouldRetry: false }),
};

/** The engine of actions on Lambda: one durable execution for each run of an action. */
export function createDurableAction(
  ports: DurableActionPorts,
  config?: DurableExecutionConfig,
): DurableLambdaHandler {
  return withDurableExecution(async (event: unknown, context: DurableContext) => {
    const { action, run } = Run.parse(event);
    const work = createActionRun({ action }, ports);
    const handOver = () => ports.start({ action, run: run + 2 });
    const most = ports.handOverAfter ?? usuallyHandOverAfter;
    let operations = run === 1 ? await callOnce(work, context) : 0;
    let isFresh = true;
    while (operations < most) {
      const { next, rounds } = await roundsUntilDone(work, { most: most - operations, isFresh }, context);
      operations += 1 + rounds;
      if (next.kind === 'over') return;
      if (next.kind === 'wait') break;
      operations += 1;
      if (await context.step('hand-over-to-other-rules', () => isDone(handOver))) return;
      // One that could not hand over goes on for a round, and tries again.
      isFresh = true;
    }
    await context.step('hand-over', handOver);
  }, config);
}

/** Answers how many operations that took. */
async function callOnce(work: RunOfAction, context: DurableContext): Promise<number> {
  const isAnswered = await context.step('call', work.call, onceAtMost).then(
    () => true,
    () => false,
  );
  if (!isAnswered) await context.step('answer-lost', work.callLost);
  return 2;
}

type Rounds = { next: NextRound; rounds: number };

/** Nothing random and no clock out here: all of it runs again at each replay, with the stored answers of the checks. */
function roundsUntilDone(
  { round }: RunOfAction,
  { most, isFresh }: { most: number; isFresh: boolean },
  context: DurableContext,
): Promise<Rounds> {
  const check = async ({ rounds }: Rounds): Promise<Rounds> => ({
    next: await round({ isFresh: isFresh && rounds === 0, rounds }),
    rounds: rounds + 1,
  });
  return context.waitForCondition('advance', check, {
    initialState: { next: { kind: 'wait', seconds: 1 }, rounds: 0 },
    waitStrategy: ({ next, rounds }) =>
      next.kind === 'wait' && rounds < most
        ? { shouldContinue: true, delay: { seconds: next.seconds } }
        : { shouldContinue: false },
  });
}

async function isDone(work: () => Promise<void>): Promise<boolean> {
  return work().then(
    () => true,
    () => false,
  );
}
