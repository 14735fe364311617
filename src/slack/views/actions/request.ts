import type { Button, KnownBlock } from '@slack/types';
import type { Action } from '../../../domain/actions/action.ts';
import { rejectionOf } from '../../../domain/actions/rejection.ts';
import { forecast } from '../../../domain/actions/start-form.ts';
import { countInWords, messagesInWords, rateInWords } from '../../../domain/quantities.ts';
import { nameInArn, type Queue, regionAndAccount } from '../../../domain/queue.ts';
import { originalSources } from '../../../domain/task-words.ts';
import {
  actions,
  button,
  codeSpan,
  escaped,
  fields,
  header,
  type Message,
  personInWords,
  plainContext,
  section,
  slackTime,
} from '../../block-kit.ts';
import { redriveIds } from '../../buttons.ts';
import { linkToMessage } from '../notification.ts';
import { rejectionInWords, voidInWords } from './action-words.ts';
import { peopleMentioned, reasonInWords, reasonQuoted } from './people.ts';

type Shown = { action: Action; queue: Queue; workspaceUrl: string };

export function requestView(shown: Shown): Message {
  const { action, queue } = shown;
  const title = `Redrive of ${queue.name}`;
  const status = statusLines(shown);
  const details = detailsOf(shown);
  return {
    text: [
      `${escaped(title)} (${escaped(regionAndAccount(queue))})`,
      ...status,
      `Reason: ${reasonInWords(action)}`,
      ...details.map(([label, value]) => `${label}: ${value}`),
    ].join('\n'),
    blocks: [
      header(title),
      plainContext(regionAndAccount(queue)),
      section(status.join('\n')),
      reasonQuoted(action),
      fields(details),
      ...buttonsOf(action),
    ],
  };
}

function statusLines({ action, queue }: Shown): string[] {
  const decider = action.decider === undefined ? 'someone' : personInWords(action.decider);
  const isApproved = action.decider !== undefined && action.decider !== action.requester;
  const approved = isApproved ? ` Approved by ${decider}.` : '';
  switch (action.state) {
    case 'requested':
      return requestedLines(action, queue);
    case 'declined':
      return [`🚫 *Declined* by ${decider}. Nothing was started.`];
    case 'withdrawn':
      return ['↩️ *Withdrawn* by the requester. Nothing was started.'];
    case 'expired':
      return ['⌛ *Expired.* No one approved it in time. Nothing was started.'];
    case 'void':
      return [`🛑 *No longer valid.* ${voidInWords(action.voidBecause)} Nothing was started.`];
    case 'starting':
      return [`🚀 *Starting…*${approved}`];
    case 'started':
      if (action.result.startedAt !== undefined) return [`✅ *Started.*${approved}`];
      return [
        action.result.unresolved
          ? '✅ *Started*, but SQS never listed it. Check the queue in the console.'
          : `✅ *Started.*${approved} Waiting for SQS to list it.`,
      ];
    case 'rejected':
      return [`${rejectedLine(action)}${approved}`];
    case 'unsure':
      return [`❔ *No clear answer from AWS.* It may have started. Checking with SQS…${approved}`];
    case 'not-started':
      return [`❌ *Not started.* SQS doesn't list the redrive.${approved}`];
    default:
      return ["This version of the bot doesn't know the state of this request."];
  }
}

function rejectedLine({ result }: Action): string {
  return rejectionOf(result) === 'aws'
    ? '❌ *AWS refused it.* Nothing was started. The thread says why.'
    : `❌ *Not started:* ${rejectionInWords(result)}. See the thread for details.`;
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
  const asked = place.askedIn;
  const link =
    asked?.thread === undefined
      ? asked && `<#${asked.channel}>`
      : `<${linkToMessage({ channel: asked.channel, ts: asked.thread }, workspaceUrl)}|the thread in> <#${asked.channel}>`;
  return [
    ['Requested by', personInWords(requester)],
    ...(rate === undefined ? [] : ([['Rate', rateInWords(rate)]] as [string, string][])),
    ['Messages', messagesAtRequest(depthAtRequest, rate)],
    [
      'Destination',
      destinationArn === undefined ? originalSources : codeSpan(nameInArn(destinationArn), 100),
    ],
    ...(link === undefined ? [] : ([['Asked in', link]] as [string, string][])),
  ];
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
  const approve: Button = {
    ...button(redriveIds.approve, 'Approve', { id, confirms: confirmation?.depth }),
    style: 'primary',
  };
  return [
    actions([
      approve,
      button(redriveIds.decline, 'Decline', { id }),
      button(redriveIds.withdraw, 'Withdraw', { id }),
    ]),
  ];
}
