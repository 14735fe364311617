import { timeInWords } from './quantities.ts';

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
