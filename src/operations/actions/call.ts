import type { Action, ActionResult } from '../../domain/actions/action.ts';
import type { CallOutcome } from '../../domain/actions/events.ts';
import { notAllowed } from '../../domain/actions/lifecycle.ts';
import { changeAction } from './change-action.ts';
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
  if (answer.kind === 'accepted') {
    return {
      kind: 'accepted',
      result: answer.requestId === undefined ? {} : { requestId: answer.requestId },
    };
  }
  return { kind: answer.kind, result: resultOf(answer) };
}

function resultOf({ awsError }: Exclude<CallAnswer, { kind: 'accepted' }>): ActionResult {
  if (!awsError) return {};
  const { kind: errorKind, code, detail, action: awsAction, roleArn, requestId } = awsError;
  const said = { errorKind, code, detail, awsAction, roleArn };
  return requestId === undefined ? said : { ...said, requestId };
}
