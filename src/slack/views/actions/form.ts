import type { InputBlock, KnownBlock, ModalView } from '@slack/types';
import { type Check, forecast } from '../../../domain/actions/start-form.ts';
import { nameInArn, type Queue, regionAndAccount } from '../../../domain/queue.ts';
import type { RedriveRules } from '../../../domain/settings.ts';
import { depthInWords } from '../../../domain/task-words.ts';
import { cut, rateInWords } from '../../../domain/wording.ts';
import type { StartChecks } from '../../../operations/actions/check-start.ts';
import {
  codeSpan,
  context,
  escaped,
  fields,
  firstOf,
  type Message,
  mrkdwn,
  plain,
  section,
} from '../../block-kit.ts';
import type { FormOrigin } from '../../button-values.ts';
import { toOriginalQueues } from '../../buttons.ts';
import { startFormId } from '../../commands.ts';
import { openActionInWords } from './action-words.ts';

const formWindow = { type: 'modal', title: plain('Redrive messages'), close: plain('Close') } as const;

/** Shown before access is checked, so it names nothing. */
export function lookingView(): ModalView {
  return { ...formWindow, blocks: [section('Loading…')] };
}

/**
 * Shows an answer in the form's window, such as a refusal. Without buttons, because clicks in a form belong
 * to no channel.
 */
export function answerInForm({ blocks }: Message): ModalView {
  return { ...formWindow, blocks: blocks.filter(({ type }) => type !== 'actions') };
}

export type FormContent = {
  queue: Queue;
  rules: RedriveRules;
  found: StartChecks;
  origin: FormOrigin;
  workspaceUrl: string;
  /** The initial values. */
  begins: { rate?: string | undefined; reason?: string | undefined; destinationArn?: string | undefined };
};

/** The results of the checks, and the inputs. If something prevents a start, only the reason. */
export function formView(content: FormContent): ModalView {
  const { queue, rules, found, origin } = content;
  const blocking = blockingChecks(found, rules);
  const isForbidden = blocking.length > 0;
  return {
    ...formWindow,
    callback_id: startFormId,
    private_metadata: JSON.stringify(origin),
    ...(!isForbidden && { submit: plain(rules.approvers ? 'Request redrive' : 'Start redrive') }),
    blocks: [
      section(`*${codeSpan(queue.name)}*\n${escaped(regionAndAccount(queue))}`),
      fields([
        ['Messages', mrkdwn(depthInWords(found.depth))],
        ['Source queues', sourcesInWords(found.sources)],
      ]),
      section(found.checks.map(checkInWords).join('\n')),
      ...(found.open ? [section(openActionInWords(found.open, content.workspaceUrl))] : []),
      ...(isForbidden ? [context(whyForbidden(blocking))] : inputs(content)),
    ],
  };
}

/** An unknown source can be solved by choosing a listed destination. */
function blockingChecks({ failed }: StartChecks, { destinations }: RedriveRules): Check[] {
  return failed.filter(({ name }) => name !== 'source-is-known' || destinations.length === 0);
}

function whyForbidden(blocking: readonly Check[]): string {
  const isUnknownSource = blocking.some(({ name }) => name === 'source-is-known');
  return isUnknownSource
    ? "A redrive can't start right now. The settings list no destination for this queue: ask whoever runs the bot to add one."
    : "A redrive can't start right now.";
}

export function checkInWords({ mark, words }: Check): string {
  return `${{ ok: '✓', no: '✗', unknown: '–' }[mark]} ${words}`;
}

function sourcesInWords(sources: StartChecks['sources']): string {
  if (!sources.ok) return 'unknown';
  const names = sources.value.map((arn) => codeSpan(nameInArn(arn), 80));
  return firstOf(names, 5) || 'none';
}

function inputs({ rules, found, begins }: FormContent): KnownBlock[] {
  const { destinations } = rules;
  const { max } = rules.messagesPerSecond;
  const rate = initialRate(begins.rate, rules.messagesPerSecond);
  return [
    {
      ...input('rate', 'Messages per second', {
        type: 'number_input',
        is_decimal_allowed: false,
        min_value: '1',
        max_value: String(max),
        initial_value: String(rate),
      }),
      hint: plain(cut(rateHint(rate, max, found), 2_000)),
    },
    ...(forecast(found.messages ?? 0, rate).isTooLong
      ? [context(`⚠️ At ${rateInWords(rate)} it won't finish within SQS's 36-hour limit.`)]
      : []),
    ...(destinations.length === 0 ? [] : [destinationInput(destinations, begins.destinationArn)]),
    input('reason', 'Reason', {
      type: 'plain_text_input',
      multiline: true,
      min_length: 3,
      max_length: 300,
      placeholder: plain('The bug is fixed in 2.4.1'),
      ...(begins.reason !== undefined && { initial_value: cut(begins.reason, 3_000) }),
    }),
    ...(rules.approvers ? [context('Someone else must approve it.')] : []),
  ];
}

/** A field, which carries its name twice: that is where its value is found when the form is submitted. */
function input(name: string, label: string, element: InputBlock['element']): InputBlock {
  return { type: 'input', block_id: name, label: plain(label), element: { ...element, action_id: name } };
}

/** Slack does not open a form whose initial value it would reject. */
function initialRate(
  given: string | undefined,
  { default: usual, max }: RedriveRules['messagesPerSecond'],
): number {
  const isAllowed =
    given !== undefined && /^\d{1,3}$/.test(given) && Number(given) >= 1 && Number(given) <= max;
  return isAllowed ? Number(given) : usual;
}

function rateHint(rate: number, max: number, { messages }: StartChecks): string {
  if (messages === undefined) return `1 to ${max}.`;
  const takes = (at: number) => forecast(messages, at).words;
  const atFirst = `1 to ${max}. ${rateInWords(rate)}`;
  if (rate === max) return `${atFirst}: ${takes(rate)}.`;
  if (takes(rate) === takes(max)) return `${atFirst} or more: ${takes(rate)}.`;
  return `${atFirst}: ${takes(rate)}; ${rateInWords(max)}: ${takes(max)}.`;
}

function destinationInput(destinations: readonly string[], chosen: string | undefined): KnownBlock {
  const options = [
    { text: plain('The original source queues'), value: toOriginalQueues },
    ...destinations.map((arn) => ({ text: plain(cut(nameInArn(arn), 75)), value: arn })),
  ];
  const initial = options.find(({ value }) => value === chosen) ?? options[0];
  return input('destination', 'Destination', {
    type: 'static_select',
    options,
    ...(initial && { initial_option: initial }),
  });
}
