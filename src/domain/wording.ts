import dayjs from 'dayjs';
import duration from 'dayjs/plugin/duration.js';
import utc from 'dayjs/plugin/utc.js';

dayjs.extend(duration);
dayjs.extend(utc);

type Part =
  | string
  | { name: string }
  | { person: string }
  | { time: number; before: string }
  | { strong: readonly Part[] };

/**
 * A sentence with names and times in it. Names are separate from the words because they come from people and from AWS:
 * each view escapes and highlights them in its own way, and shows times in the reader's time zone.
 */
export type Phrase = readonly Part[];

/** What something means, and what to do about it. */
export type Explanation = { meaning: Phrase; remedy: Phrase };

/** ``phrase`The role ${roleArn} is unknown.` `` Phrases inside of phrases stay phrases; anything else is a name. */
export function phrase(
  texts: TemplateStringsArray,
  ...inserts: readonly (string | number | Phrase)[]
): Phrase {
  return texts.flatMap((text, i) => {
    const insert = inserts[i];
    if (insert === undefined) return [text];
    return [text, ...(typeof insert === 'object' ? insert : [{ name: String(insert) }])];
  });
}

/** Our own words inside of a phrase, for example a number with its unit. */
export const words = (text: string): Phrase => [text];

/** A Slack user id: each view names the person in its own way. */
export const personOf = (person: string): Phrase => [{ person }];

/** Epoch milliseconds. `before`: the words before it, because Slack writes "Today" only where a time stands alone. */
export const timeOf = (time: number, before = ''): Phrase => [{ time, before }];

/** The part that readers in a hurry should see. */
export const strong = (...parts: readonly Part[]): Phrase => [{ strong: parts }];

export type PhraseStyle = {
  word: (text: string) => string;
  name: (text: string) => string;
  person: (id: string) => string;
  time: (ms: number, before: string) => string;
  strong: (shown: string) => string;
};

export function shownAs(said: Phrase, style: PhraseStyle): string {
  return said.map((part) => shownPart(part, style)).join('');
}

function shownPart(part: Part, style: PhraseStyle): string {
  if (typeof part === 'string') return style.word(part);
  if ('name' in part) return style.name(part.name);
  if ('person' in part) return style.person(part.person);
  return 'time' in part ? style.time(part.time, part.before) : style.strong(shownAs(part.strong, style));
}

const asItIs = (text: string) => text;

/** For a terminal or a log. */
export function inPlainWords(said: Phrase): string {
  return shownAs(said, {
    word: asItIs,
    name: asItIs,
    person: asItIs,
    time: (ms, before) => `${before}${timeInWords(ms)}`,
    strong: asItIs,
  });
}

/** What a person typed, in quotes, on one line and shortened. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text);
}

/** `45 s`, `3 min 20 s`, `2 h 14 min`, `1 d 3 h`. Under a second: `under 1 s`. */
export function durationInWords(ms: number): string {
  const length = dayjs.duration(Math.max(0, Math.floor(ms / 1000)), 'seconds');
  const parts: [number, string][] = [
    [Math.floor(length.asDays()), 'd'],
    [Math.floor(length.asHours()) % 24, 'h'],
    [length.minutes(), 'min'],
    [length.seconds(), 's'],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return 'under 1 s';
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}

/**
 * An estimate, no more exact than it can be: `less than a minute`, `about 16 min`, `about 2 h 15 min`, `about 1 d 3 h`.
 * To the minute under an hour, then to 5 minutes, and to the hour from a day on.
 */
export function estimateInWords(ms: number): string {
  if (ms < minuteMs) return 'less than a minute';
  const step = ms < 60 * minuteMs ? minuteMs : ms < 24 * 60 * minuteMs ? 5 * minuteMs : 60 * minuteMs;
  return `about ${durationInWords(Math.round(ms / step) * step)}`;
}

const minuteMs = 60_000;

/** `2026-11-24 02:15 UTC`, where the reader's time zone is not known. */
export function timeInWords(ms: number): string {
  const time = dayjs.utc(ms);
  return time.isValid() ? time.format('YYYY-MM-DD HH:mm [UTC]') : 'an unknown time';
}

/** `1,234,567`. Not with Intl, whose first formatter takes 12 ms of a cold start. */
export function countInWords(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `1 message`, `1,200 messages`. */
export function messagesInWords(count: number): string {
  return `${countInWords(count)} ${count === 1 ? 'message' : 'messages'}`;
}

/** `1 queue`, `12 queues`. */
export function howMany(count: number, one: string): string {
  return `${count} ${count === 1 ? one : `${one}s`}`;
}

/** `120 per second`, `2.5 per second`, `12 per minute`, `3 per hour`. */
export function rateInWords(perSecond: number): string {
  if (perSecond >= 1) return `${rounded(perSecond)} per second`;
  return perSecond * 60 >= 1
    ? `${rounded(perSecond * 60)} per minute`
    : `${rounded(perSecond * 3600)} per hour`;
}

function rounded(value: number): string {
  return value < 10 ? String(Math.round(value * 10) / 10) : countInWords(value);
}

/** Whole percent, never rounded up to 100. `share` is 0 to 1. */
export function percentInWords(share: number): string {
  return `${Math.floor(share * 100)}%`;
}

/** All but what joins the parts of an emoji, or letters. */
const invisible =
  /(?!(?<=[\p{L}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}])\p{Join_Control}(?=[\p{L}\p{Extended_Pictographic}]))\p{Cf}/gu;

/** On one line, without invisible characters such as those that move a cursor or reverse the text direction. */
export function visible(text: string): string {
  return text
    .replace(invisible, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}

/** Cuts between code points, so that no half of an emoji is left. */
export function cut(text: string, atMost: number): string {
  const points = [...text];
  return points.length <= atMost ? text : `${points.slice(0, Math.max(0, atMost - 1)).join('')}…`;
}

let segmenter: Intl.Segmenter | undefined;

/** What people count as characters. Intl is loaded when it is first needed: it takes 10 ms of a cold start. */
export function graphemes(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return segmenter.segment(text);
}

/**
 * The messages of an error and all its causes, each once: Node's AggregateError has no message of its own, and `fetch`
 * hides the reason in its cause. `connect ECONNREFUSED ::1:80; connect ECONNREFUSED 127.0.0.1:80`.
 */
export function errorInWords(error: unknown): string {
  return [...new Set(sayings(error, 0))].join('; ');
}

/** The message alone. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Deeper causes may be circular. */
const deepest = 5;

function sayings(error: unknown, depth: number): string[] {
  if (typeof error !== 'object' || error === null || depth > deepest) return [];
  const { message, errors, cause } = error as { message?: unknown; errors?: unknown; cause?: unknown };
  const own = typeof message === 'string' && message !== '' ? [message] : [];
  const parts = Array.isArray(errors) ? errors.slice(0, 10) : [];
  return [...own, ...[...parts, cause].flatMap((part) => sayings(part, depth + 1))];
}
