import { distance } from 'fastest-levenshtein';
import { composed } from '../domain/queue-reference.ts';
import { tasksListedAtMost } from '../domain/sqs-limits.ts';
import type { Command } from './commands.ts';

/** What was wrong with the input; `typed` is the person's own word. */
export type Misunderstanding =
  | { wrong: 'count-not-a-number'; typed: string }
  /** `meant`: the similar command, with the rest of the input. */
  | { wrong: 'no-such-word'; typed: string; meant: string }
  | { wrong: 'count-out-of-range'; typed: string }
  | { wrong: 'too-many-words'; typed: string; first: string }
  | { wrong: 'queue-missing'; typed: string };

const quoted = /^["'`‘’‚‛“”„‟«»]([^"'`‘’‚‛“”„‟«»]*)["'`‘’‚‛“”„‟«»]\s*(.*)$/su;

/**
 * Accepts quotes, capitals in command words, extra white space, dashes that phones insert before a number,
 * and the invisible characters that come with text copied from a page.
 */
export function parseCommand(text: string, canAct = false): Command | Misunderstanding {
  const typed = composed(text.replace(/\p{Cf}/gu, '')).trim();
  if (typed === '') return { kind: 'overview' };
  const [first, ...rest] = wordsOf(typed);
  if (first === undefined) return { kind: 'overview' };
  if (isHelp(first)) return { kind: 'help' };
  const word = first.toLowerCase();
  if (word === 'watches') return rest.length === 0 ? { kind: word } : tooManyWords(typed, word);
  if (word === 'watch' || word === 'unwatch' || word === 'history')
    return parseWatch(word, typed.slice(first.length));
  if (canAct && word === 'cancel') return parseWatch(word, typed.slice(first.length));
  if (canAct && word === 'redrive') return parseRedrive(typed.slice(first.length));
  if (rest.length > 0 && showWords.includes(word) && !isCount(rest[0])) {
    return parseShow(rest[0] ?? '', rest.slice(1), { typed, canAct });
  }
  return parseShow(first, rest, { typed, canAct });
}

/** What people habitually type before a name elsewhere. */
const showWords = ['status', 'show', 'check'];

function parseWatch(
  kind: 'watch' | 'unwatch' | 'history' | 'cancel',
  after: string,
): Command | Misunderstanding {
  const [queue, ...more] = wordsOf(after.trim());
  if (queue === undefined) return { wrong: 'queue-missing', typed: kind };
  return more.length === 0 ? { kind, typed: queue } : tooManyWords(`${kind}${after}`, `${kind} ${queue}`);
}

/** The form reports a wrong rate. */
function parseRedrive(after: string): Command | Misunderstanding {
  const [queue, rate, ...more] = wordsOf(after.trim());
  if (queue === undefined) return { wrong: 'queue-missing', typed: 'redrive' };
  if (more.length > 0) return tooManyWords(`redrive${after}`, `redrive ${queue}`);
  return { kind: 'redrive', typed: queue, ...(rate !== undefined && { rate: rate.slice(0, 20) }) };
}

function tooManyWords(typed: string, first: string): Misunderstanding {
  return { wrong: 'too-many-words', typed, first };
}

function parseShow(
  first: string,
  rest: string[],
  { typed, canAct }: { typed: string; canAct: boolean },
): Command | Misunderstanding {
  const [count, ...more] = rest;
  if (count === undefined) return { kind: 'show', typed: first, asked: 1 };
  if (more.length > 0) return tooManyWords(typed, first);
  if (!isCount(count))
    return mistypedWord(first, count, canAct) ?? { wrong: 'count-not-a-number', typed: count };
  const asked = /^\d+[.,;]?$/.test(count) ? Number.parseInt(count, 10) : Number.NaN;
  const isListed = asked >= 1 && asked <= tasksListedAtMost;
  return isListed ? { kind: 'show', typed: first, asked } : { wrong: 'count-out-of-range', typed: count };
}

/** Two swapped letters count as two changed letters. */
const mostLettersAway = 2;

/** Two words, the second of which is not a number: the first may be a misspelled command such as `watch`. */
function mistypedWord(first: string, after: string, canAct: boolean): Misunderstanding | undefined {
  const away = (word: string) => distance(first.toLowerCase(), word);
  const [nearest = ''] = [...['watch', 'unwatch', 'history'], ...(canAct ? ['redrive', 'cancel'] : [])].sort(
    (one, other) => away(one) - away(other),
  );
  if (away(nearest) > mostLettersAway) return undefined;
  return { wrong: 'no-such-word', typed: first, meant: `${nearest} ${after}` };
}
function isCount(word: string | undefined): boolean {
  return /^[-+–—−]?\d+([.,]\d+)?[.,;]?$/u.test(word ?? '');
}

/** A quoted name is one word, whatever it contains. */
function wordsOf(typed: string): string[] {
  const [, inside, after] = quoted.exec(typed) ?? [];
  const words = (text: string) => text.split(/\s+/u).filter((word) => word !== '');
  return inside?.trim() ? [inside.trim(), ...words(after ?? '')] : words(typed);
}

function isHelp(word: string): boolean {
  return /^(?:--?|[–—])?(?:help|\?)[.!?]*$/iu.test(word);
}
