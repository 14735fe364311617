import { parseQueueReference } from '../domain/queue-reference.ts';

/** What a person types after `/dlq-tasks` for something else than a queue. */
const commandWords = ['help', 'watch', 'unwatch', 'watches'];

/** Words that are newer than some settings: a queue of that alias is reached by its name or ARN alone. */
const newerWords = ['redrive', 'cancel', 'history'];

/** What an operator should know of an alias that is none the less taken. */
export function aliasWarning(alias: string): string | undefined {
  const word = alias.toLowerCase();
  if (!newerWords.includes(word)) return undefined;
  return `is a command's word (${word}): type the queue's ARN to reach it, or choose another alias`;
}

/** Why nobody could type this alias to name its queue; nothing when they can. */
export function aliasFault(alias: string): string | undefined {
  const word = alias.toLowerCase().replace(/^[-–—]+|[.!?]+$/gu, '');
  if (commandWords.includes(word)) return `is a command's word (${word}); choose another alias`;
  return nameFault(alias, 'an alias', 'alias');
}

/** Nobody types an account's label as a command, but people search for it, and it stands in every message. */
export function labelFault(label: string): string | undefined {
  return nameFault(label, "an account's label", 'label');
}

function nameFault(name: string, what: string, noun: string): string | undefined {
  if (name.length > 80) return `is too long for ${what}; use at most 80 characters`;
  if (/^[-–—]/u.test(name)) return `begins with a dash; choose another ${noun}`;
  const isTypable = !/[\s<>&`"'‘’“”\p{C}]/u.test(name) && name === name.normalize('NFC');
  const reference = parseQueueReference(name);
  if (isTypable && reference?.kind === 'word' && reference.text === name) return undefined;
  return `cannot be typed as ${what}; use letters, digits, dots, dashes and underscores`;
}
