import type { Action, CallOutcome } from '../../domain/actions/action.ts';
import { notAllowed } from '../../domain/actions/lifecycle.ts';
import { type Changed, changeAction } from './change-action.ts';
import type { Deps } from './in-progress.ts';
import type { ActionPorts, CallAnswer } from './ports.ts';

type Ports = Pick<ActionPorts, 'store' | 'redrives' | 'queueOf' | 'clock' | 'log'>;

/**
 * Makes an action's one call. The state that announces it is already committed; only whoever committed it calls this,
 * and only once. The answer is committed; if that fails, the action is unsure.
 */
export async function makeCall(action: Action, ports: Ports): Promise<void> {
  const outcome = outcomeOf(await answerTo(action, ports));
  await changeAction(action.id, { kind: 'answered', outcome }, ports);
}

async function answerTo(action: Action, { redrives, queueOf }: Ports): Promise<CallAnswer | undefined> {
  const { queueArn, requester, decider = requester, rate, destinationArn, taskStartedAt } = action;
  const queue = queueOf(queueArn);
  const people = { requester, decider };
  if (!queue?.redrive) return undefined;
  if (action.kind === 'cancel') return redrives.cancel(queue, { startedAt: taskStartedAt ?? 0, people });
  const destination = destinationArn === undefined ? {} : { destinationArn };
  return rate === undefined ? undefined : redrives.start(queue, { rate, ...destination, people });
}

/** No answer: nothing was sent, because the settings or the row do not say what to do. */
function outcomeOf(answer: CallAnswer | undefined): CallOutcome {
  if (!answer) return { kind: 'rejected', result: { code: notAllowed } };
  const { kind } = answer;
  if (kind === 'accepted') return { kind, result: requestIdOf(answer) };
  if (!answer.awsError) return { kind, result: {} };
  const { kind: errorKind, code, detail, action: awsAction, roleArn } = answer.awsError;
  return { kind, result: { errorKind, code, detail, awsAction, roleArn, ...requestIdOf(answer.awsError) } };
}

function requestIdOf({ requestId }: { requestId?: string }) {
  return requestId === undefined ? {} : { requestId };
}

/** Claimed before its commit and until its answer is stored, so that it does not count as lost meanwhile. */
export function callInBackground(action: Action, deps: Deps): Promise<void> {
  const { pending, runs } = deps;
  const call = async () => (runs ? runs.call(action) : makeCall(action, deps));
  return pending.inBackground(pending.holding(action.id, call));
}

/** The answer where a change began a start: its call is being made. */
export function startCalled(changed: Changed, deps: Deps) {
  if (changed.kind !== 'changed' || changed.call !== 'start') return undefined;
  const { action } = changed;
  return { kind: 'starting' as const, action, called: callInBackground(action, deps) };
}
