import {
  type DurableContext,
  type DurableExecutionConfig,
  type DurableLambdaHandler,
  StepSemantics,
} from '@aws/durable-execution-sdk-js';
import * as z from 'zod';
import type { Action } from '../../domain/actions/action.ts';
import { isOpen, nextDueAt } from '../../domain/actions/lifecycle.ts';
import type { ActionDuties, Actions } from '../../operations/actions/actions.ts';
import type { ActionRun, StartActionRun } from '../../operations/actions/ports.ts';
import type { Log } from '../../operations/log.ts';
import { callWithinMs } from './action-runs.ts';
import { createDurableRuns, type DurableRun, type HandOver, type Next } from './durable-runs.ts';

type RunPorts = {
  /** Requested at each use, because secrets may have been renewed meanwhile. */
  duties: () => Promise<Pick<Actions, 'read'> & ActionDuties>;
  start: StartActionRun;
  /** Whether a newer deployment has other rules than this version's settings. */
  rulesHaveChanged: () => Promise<boolean>;
  clock: () => number;
  log: Log;
};

const Run = z.object({ action: z.string(), run: z.number() });

export function createDurableAction(
  ports: RunPorts & HandOver,
  config?: DurableExecutionConfig,
): DurableLambdaHandler {
  return createDurableRuns((event) => createActionRun(Run.parse(event), ports), ports, config);
}

/** After a crash it isn't repeated, because no one knows what it did. Both are needed for that. */
const onceAtMost = {
  semantics: StepSemantics.AtMostOncePerRetry,
  retryStrategy: () => ({ shouldRetry: false }),
};
/** So that a click whose message Slack refused is shown soon, and a call that was never made is noticed. */
const longestSeconds = 60;
const afterFailureSeconds = 30;
const inProgressSeconds = 5;
/** The run starts before its action is stored; by then, the process that wanted to store it has ended. */
const notStoredRounds = 30;

/** Run 0 drives an action, run 1 makes its call first, and a run that hands over continues as `run` + 2. */
function createActionRun({ action: id, run }: ActionRun, ports: RunPorts): DurableRun {
  const { clock, log } = ports;
  const handOver = () => ports.start({ action: id, run: run + 2 });

  /** If it is announced and was decided just now. */
  async function call(): Promise<void> {
    const duties = await ports.duties();
    const action = await duties.read(id);
    if (action && clock() - (action.calledAt ?? 0) < callWithinMs) await duties.call(action);
  }

  async function callOnce(context: DurableContext): Promise<number> {
    const isAnswered = await isDone(context.step('call', call, onceAtMost));
    // That run has ended, or could not store the answer.
    if (!isAnswered) await context.step('answer-lost', async () => (await ports.duties()).callLost(id));
    return 2;
  }

  async function round({ isFresh, before }: { isFresh: boolean; before: number }): Promise<Next> {
    try {
      if (!isFresh && (await ports.rulesHaveChanged())) return { kind: 'hand-over' };
      const duties = await ports.duties();
      const stored = await duties.read(id);
      if (!stored)
        return before < notStoredRounds ? { kind: 'wait', seconds: inProgressSeconds } : { kind: 'over' };
      await duties.recover(stored);
      await duties.advance(id);
      await duties.settled();
      const after = await duties.read(id);
      return after ? nextOf(after, clock()) : { kind: 'over' };
    } catch (error) {
      log.error({ action: id, err: error }, 'unexpected error in an action; retrying');
      return { kind: 'wait', seconds: afterFailureSeconds };
    }
  }

  return {
    rounds: 'advance',
    ...(run === 1 && { begin: callOnce }),
    round,
    handOver,
    handOverIfPossible: () => isDone(handOver()),
  };
}

function nextOf(action: Action, now: number): Next {
  const at = nextDueAt(action);
  if (at === undefined && !isOpen(action)) return { kind: 'over' };
  const isInProgress = action.state === 'starting' || action.state === 'cancelling';
  const seconds = Math.ceil(((at ?? Infinity) - now) / 1000);
  return {
    kind: 'wait',
    seconds: Math.min(Math.max(seconds, isInProgress ? inProgressSeconds : 1), longestSeconds),
  };
}

function isDone(work: PromiseLike<unknown>): Promise<boolean> {
  return Promise.resolve(work).then(
    () => true,
    () => false,
  );
}
