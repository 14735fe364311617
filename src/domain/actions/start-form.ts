import { customRates } from '../move-task.ts';
import type { RedriveRules } from '../settings.ts';
import { estimateInWords, graphemes, visible } from '../wording.ts';

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

/** SQS stops a redrive after 36 hours. */
const longestMs = 36 * 3_600_000;

/** How long that many messages take at that rate, if SQS keeps to it. */
export function forecast(messages: number, rate: number): { words: string; isTooLong: boolean } {
  const ms = (messages / rate) * 1000;
  const words = ms < 1000 ? 'a moment' : estimateInWords(ms);
  return { words, isTooLong: ms > longestMs };
}
