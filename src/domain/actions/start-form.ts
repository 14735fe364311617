import type { Outcome } from '../aws-error.ts';
import { allMessages } from '../depth.ts';
import type { Depth, MoveTask } from '../move-task.ts';
import { isFinished } from '../move-task-status.ts';
import type { RedriveRules } from '../settings.ts';
import { customRates, longestTaskMs } from '../sqs-limits.ts';
import { estimateInWords, graphemes, visible } from '../wording.ts';
import type { Action } from './action.ts';

/** What the person typed and chose. */
export type StartForm = { rate: string | number; reason: string; destinationArn?: string };
export type StartValues = StartForm & { rate: number };

const reasonLength = { shortest: 3, longest: 300 };

export type FormFault = { field: 'rate' | 'reason' | 'destination'; words: string };
export type ParsedForm = { ok: true; values: StartValues } | { ok: false; faults: FormFault[] };

/** The form's elements enforce all this, but a forged submission does not go through them. */
export function parseStartForm(form: StartForm, rules: RedriveRules): ParsedForm {
  const { destinationArn } = form;
  const rate = rateOf(form.rate, rules);
  const reason = reasonOf(form.reason);
  const isListed = destinationArn === undefined || rules.destinations.includes(destinationArn);
  const faults: FormFault[] = [
    ...(rate === undefined ? [{ field: 'rate' as const, words: rateWords(rules) }] : []),
    ...(reason === undefined ? [{ field: 'reason' as const, words: reasonWords }] : []),
    ...(isListed ? [] : [{ field: 'destination' as const, words: destinationWords }]),
  ];
  if (rate === undefined || reason === undefined || !isListed) return { ok: false, faults };
  return { ok: true, values: { rate, reason, ...(destinationArn !== undefined && { destinationArn }) } };
}

function rateOf(given: string | number, { messagesPerSecond }: RedriveRules): number | undefined {
  const rate = typeof given === 'number' || /^\s*\d{1,4}\s*$/.test(given) ? Number(given) : Number.NaN;
  const isAllowed = Number.isInteger(rate) && rate >= customRates.lowest && rate <= messagesPerSecond.max;
  return isAllowed ? rate : undefined;
}

function rateWords({ messagesPerSecond }: RedriveRules): string {
  return `Enter a whole number from ${customRates.lowest} to ${messagesPerSecond.max}.`;
}

/** Characters that aren't spaces but show nothing. */
const blank = /[\p{Default_Ignorable_Code_Point}\u2800]/gu;
/** Slack may write an emoji as its name, with a skin tone. */
const namedEmoji = /:[\w+'-]{1,100}:(?::skin-tone-\d(?:-\d)?:)?/g;
/** Longer than the names of 300 emoji. */
export const longestWritten = 31_000;

/** On one line, without invisible characters. Its length is what people see, however an emoji is written. */
export function reasonOf(given: string): string | undefined {
  const reason = visible(given);
  const seen = charactersSeen(reason);
  const isAllowed =
    seen >= reasonLength.shortest && seen <= reasonLength.longest && reason.length <= longestWritten;
  return isAllowed ? reason : undefined;
}

function charactersSeen(text: string): number {
  const characters = [...graphemes(text.replace(namedEmoji, '☺'))];
  return characters.filter(({ segment }) => segment.replace(blank, '') !== '').length;
}

const reasonWords = `Give a reason of ${reasonLength.shortest} to ${reasonLength.longest} characters.`;
const destinationWords = 'Choose one of the listed destinations.';

/** How long that many messages take at that rate, if SQS keeps to it. */
export function forecast(messages: number, rate: number): { words: string; isTooLong: boolean } {
  const ms = (messages / rate) * 1000;
  const words = ms < 1000 ? 'a moment' : estimateInWords(ms);
  return { words, isTooLong: ms > longestTaskMs };
}

/** ✓, ✗ and –. Any ✗ prevents a start; – could not be checked. */
type Mark = 'ok' | 'no' | 'unknown';

type CheckName = 'no-open-action' | 'nothing-active' | 'messages-wait' | 'is-a-dlq' | 'source-is-known';
export type Check = { name: CheckName; mark: Mark; words: string };

export type Found = {
  tasks: Outcome<readonly MoveTask[]>;
  depth: Outcome<Depth>;
  /** Names or ARNs of the queues that use it as their dead-letter queue. */
  sources: Outcome<readonly string[]>;
  open?: Action;
  /** Absent: back to the original source queues. */
  destinationArn?: string;
};

export function checksOf(found: Found): Check[] {
  return [openCheck(found), activeCheck(found), depthCheck(found), dlqCheck(found), ...sourceCheck(found)];
}

function openCheck({ open }: Found): Check {
  const words = open ? 'Another action is open' : 'No other action is open';
  return { name: 'no-open-action', mark: open ? 'no' : 'ok', words };
}

/** Without the list of tasks nothing is started. A CANCELLING task blocks a start, too. */
function activeCheck({ tasks }: Found): Check {
  const name = 'nothing-active';
  if (!tasks.ok) return { name, mark: 'no', words: "Couldn't check whether a redrive is active" };
  const active = tasks.value.find((task) => !isFinished(task));
  if (!active) return { name, mark: 'ok', words: 'No redrive is active' };
  const words = active.status === 'CANCELLING' ? 'A redrive is still being canceled' : 'A redrive is active';
  return { name, mark: 'no', words };
}

function depthCheck({ depth }: Found): Check {
  const name = 'messages-wait';
  if (!depth.ok) return { name, mark: 'unknown', words: "Couldn't count the messages in the queue" };
  if (depth.value.waiting > 0) return { name, mark: 'ok', words: 'Messages are waiting' };
  if (allMessages(depth.value) === 0) return { name, mark: 'no', words: 'The queue is empty' };
  return { name, mark: 'unknown', words: 'Messages are in flight or delayed; none are waiting' };
}

function dlqCheck({ sources }: Found): Check {
  const name = 'is-a-dlq';
  if (!sources.ok) return { name, mark: 'unknown', words: "Couldn't list the source queues" };
  if (sources.value.length === 0)
    return { name, mark: 'no', words: 'No queue uses this one as its dead-letter queue' };
  return { name, mark: 'ok', words: 'It is a dead-letter queue' };
}

/** Only if the last redrive failed because SQS did not know where its messages came from. */
function sourceCheck({ tasks, destinationArn }: Found): Check[] {
  if (!tasks.ok || !needsDestination(tasks.value)) return [];
  const name = 'source-is-known';
  return destinationArn === undefined
    ? [{ name, mark: 'no', words: "SQS doesn't know where the messages came from. Choose a destination" }]
    : [{ name, mark: 'ok', words: 'A destination is chosen' }];
}

/** The newest redrive failed for this reason, and the next one to the original queues would, too. */
function needsDestination([newest]: readonly MoveTask[]): boolean {
  return newest?.status === 'FAILED' && /CouldNotDetermineMessageSource/i.test(newest.failureReason ?? '');
}

/** StartedTimestamp of the newest task; 0 if there is none. */
export function newestKnownOf(tasks: readonly MoveTask[]): number {
  return Math.max(0, ...tasks.map(({ startedAt }) => startedAt ?? 0));
}
