import type { KnownBlock } from '@slack/types';
import type { Action, ActionState } from '../../../domain/actions/action.ts';
import { rejectionOf } from '../../../domain/actions/lifecycle.ts';
import { forecast } from '../../../domain/actions/start-form.ts';
import type { Queue } from '../../../domain/queue.ts';
import { countInWords, messagesInWords, rateInWords } from '../../../domain/wording.ts';
import {
  actions,
  button,
  destinationMrkdwn,
  fields,
  headed,
  inLines,
  linkToMessage,
  type Message,
  personInWords,
  section,
  slackTime,
} from '../../block-kit.ts';
import { redriveIds } from '../../buttons.ts';
import {
  peopleMentioned,
  reasonInWords,
  reasonQuoted,
  rejectionInWords,
  voidInWords,
} from './action-words.ts';

type Shown = { action: Action; queue: Queue; workspaceUrl: string };

export function requestView(shown: Shown): Message {
  const { action, queue } = shown;
  const title = `Redrive of ${queue.name}`;
  const status = statusLines(shown);
  const details = detailsOf(shown);
  return headed(
    title,
    queue,
    [...status, `Reason: ${reasonInWords(action)}`, ...inLines(details)],
    [section(status.join('\n')), reasonQuoted(action), fields(details), ...buttonsOf(action)],
  );
}

function statusLines({ action, queue }: Shown): string[] {
  const decider = action.decider === undefined ? 'someone' : personInWords(action.decider);
  const isApproved = action.decider !== undefined && action.decider !== action.requester;
  const approved = isApproved ? ` Approved by ${decider}.` : '';
  const started =
    action.result.startedAt !== undefined
      ? `✅ *Started.*${approved}`
      : action.result.unresolved
        ? '✅ *Started*, but SQS never listed it. Check the queue in the console.'
        : `✅ *Started.*${approved} Waiting for SQS to list it.`;
  const lines: { [state in ActionState]?: string } = {
    declined: `🚫 *Declined* by ${decider}. Nothing was started.`,
    withdrawn: '↩️ *Withdrawn* by the requester. Nothing was started.',
    expired: '⌛ *Expired.* No one approved it in time. Nothing was started.',
    void: `🛑 *No longer valid.* ${voidInWords(action.voidBecause)} Nothing was started.`,
    starting: `🚀 *Starting…*${approved}`,
    started,
    rejected:
      rejectionOf(action.result) === 'aws'
        ? `❌ *AWS refused it.* Nothing was started. The thread says why.${approved}`
        : `❌ *Not started:* ${rejectionInWords(action.result)}. See the thread for details.${approved}`,
    unsure: `❔ *No clear answer from AWS.* It may have started. Checking with SQS…${approved}`,
    'not-started': `❌ *Not started.* SQS doesn't list the redrive.${approved}`,
  };
  if (action.state === 'requested') return requestedLines(action, queue);
  return [lines[action.state] ?? "This version of the bot doesn't know the state of this request."];
}

function requestedLines(
  { needsApproval, requester, expiresAt, confirmation, depthAtRequest }: Action,
  { redrive }: Queue,
): string[] {
  if (!needsApproval) return ['🚀 *About to start…*'];
  const asked = redrive?.approvers
    ? ` ${peopleMentioned(redrive.approvers, requester)}: please approve or decline.`
    : '';
  const changed = confirmation
    ? [
        `⚠️ *The queue changed:* about ${messagesInWords(confirmation.depth)} now${depthAtRequest === undefined ? '' : `, ${countInWords(depthAtRequest)} when it was requested`}. To start it anyway, click Approve within 5 minutes.`,
      ]
    : [];
  return [`⏳ *Waiting for approval.*${asked} ${slackTime(expiresAt, 'Expires ')}.`, ...changed];
}

function detailsOf({ action, workspaceUrl }: Shown): [string, string][] {
  const { requester, rate, destinationArn, depthAtRequest, place } = action;
  const { askedIn } = place;
  const thread =
    askedIn?.thread && linkToMessage({ channel: askedIn.channel, ts: askedIn.thread }, workspaceUrl);
  const details: [string, string | undefined][] = [
    ['Requested by', personInWords(requester)],
    ['Rate', rate === undefined ? undefined : rateInWords(rate)],
    ['Messages', messagesAtRequest(depthAtRequest, rate)],
    ['Destination', destinationMrkdwn(destinationArn)],
    ['Asked in', askedIn && `${thread ? `<${thread}|the thread in> ` : ''}<#${askedIn.channel}>`],
  ];
  return details.flatMap(([label, value]) => (value === undefined ? [] : [[label, value]]));
}

function messagesAtRequest(depth: number | undefined, rate: number | undefined): string {
  if (depth === undefined) return 'unknown';
  if (rate === undefined) return `about ${countInWords(depth)}`;
  const { words, isTooLong } = forecast(depth, rate);
  return `about ${countInWords(depth)}, takes ${words}${isTooLong ? " ⚠️ longer than SQS's 36-hour limit" : ''}`;
}

function buttonsOf({ id, state, needsApproval, confirmation }: Action): KnownBlock[] {
  if (state === 'not-started') return [actions([button(redriveIds.startAgain, 'Start again…', { id })])];
  if (state !== 'requested' || !needsApproval) return [];
  return [
    actions([
      {
        ...button(redriveIds.approve, 'Approve', { id, confirms: confirmation?.depth }),
        style: 'primary',
      },
      button(redriveIds.decline, 'Decline', { id }),
      button(redriveIds.withdraw, 'Withdraw', { id }),
    ]),
  ];
}
