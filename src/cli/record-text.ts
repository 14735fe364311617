import type { Action } from '../domain/actions/action.ts';
import { stateInBrief } from '../domain/actions/lifecycle.ts';
import { actionInHistory, cameBack, nothingRemembered, pastRedriveInWords } from '../domain/history.ts';
import { countInWords, visible } from '../domain/wording.ts';
import type { HistoryEntry } from '../operations/history/history.ts';
import { isoTime, localTime, type Paint, sentence } from './terminal.ts';

export function historyText(entries: readonly HistoryEntry[], paint: Paint): string {
  if (entries.length === 0) return sentence(nothingRemembered, paint);
  return entries.map((entry) => sentence(inWords(entry), paint)).join('\n');
}

function inWords(entry: HistoryEntry) {
  return entry.kind === 'redrive' ? pastRedriveInWords(entry.redrive, entry) : actionInHistory(entry.action);
}

/** For scripts: fields are added, never renamed. Times are ISO 8601 in UTC. */
export function entryJson(entry: HistoryEntry) {
  if (entry.kind === 'action') return actionJson(entry.action);
  const { redrive, start } = entry;
  const { queueArn, task, startedHere, startedElsewhere, left, highest } = redrive;
  const { requester, decider, reason } = startedHere ?? start ?? {};
  return {
    kind: entry.kind,
    queueArn,
    startedAt: isoTime(redrive.startedAt),
    /** When the bot first saw that it had ended. */
    endedBy: isoTime(redrive.endedBy),
    status: task.statusText,
    moved: task.moved,
    toMove: task.toMove,
    failureReason: task.failureReason,
    messagesPerSecond: task.customRate,
    destinationArn: task.destinationArn,
    leftInDlq: left,
    highestInDlq: highest,
    cameBack: cameBack(redrive),
    requester,
    decider,
    reason,
    startedElsewhere,
    card: redrive.card && { channel: redrive.card.channel, ts: redrive.card.ts },
  };
}

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
