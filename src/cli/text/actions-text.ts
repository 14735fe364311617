import type { Action } from '../../domain/actions/action.ts';
import { stateInBrief } from '../../domain/actions/lifecycle.ts';
import { countInWords, visible } from '../../domain/wording.ts';
import type { Paint } from './paint.ts';
import { isoTime, localTime } from './times.ts';

/** Newest first, two lines each. */
export function actionsText(actions: readonly Action[], paint: Paint): string {
  if (actions.length === 0) return 'No actions are recorded.';
  return actions.map((action) => actionText(action, paint)).join('\n\n');
}

function actionText(action: Action, paint: Paint): string {
  const { kind, state, alias, requestedAt, requester, decider, rate, destinationArn, result } = action;
  const head = `${localTime(requestedAt)} · ${paint('bold', visible(alias))} · ${kind} · ${stateInBrief[state]}`;
  const depth = depthText(action);
  const facts = [
    `requested by ${visible(requester)}`,
    ...(decider === undefined || decider === requester ? [] : [`decided by ${visible(decider)}`]),
    ...(rate === undefined ? [] : [`${rate} a second`]),
    ...(destinationArn === undefined ? [] : [`to ${visible(destinationArn)}`]),
    ...(depth === '' ? [] : [depth]),
    ...(action.voidBecause === undefined ? [] : [action.voidBecause]),
    ...(result.code === undefined ? [] : [visible(result.code)]),
    ...(result.requestId === undefined ? [] : [`request ${visible(result.requestId)}`]),
  ];
  const reason = action.reason === '' ? '' : `\n  “${visible(action.reason)}”`;
  return `${head}\n  ${facts.join(' · ')}${reason}`;
}

function depthText({ depthAtRequest, depthAtDecision }: Action): string {
  if (depthAtRequest === undefined) return '';
  const [asked, decided] = [countInWords(depthAtRequest), countInWords(depthAtDecision ?? depthAtRequest)];
  return asked === decided ? `${asked} messages` : `${asked} messages, ${decided} when decided`;
}

/** A stable format for scripts. It leaves out what is still to be delivered. */
export function actionJson(action: Action) {
  const { id, kind, state, queueArn, alias, place, requester, decider, reason, rate, result } = action;
  return {
    ...{
      id,
      kind,
      state,
      queue: { alias, arn: queueArn },
      channel: place.channel,
      requester,
      decider,
      reason,
    },
    ...{ messagesPerSecond: rate, destinationArn: action.destinationArn },
    ...{ depthAtRequest: action.depthAtRequest, depthAtDecision: action.depthAtDecision },
    requestedAt: isoTime(action.requestedAt),
    decidedAt: isoTime(action.decidedAt),
    endedAt: isoTime(action.endedAt),
    taskStartedAt: isoTime(result.startedAt ?? action.taskStartedAt),
    voidBecause: action.voidBecause,
    awsCode: result.code,
    awsRequestId: result.requestId,
  };
}
