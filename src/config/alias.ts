import { parseQueueReference } from '../domain/queue-reference.ts';

/** Words after `/dlq-tasks` that are not a queue. */
const commandWords = ['help', 'watch', 'unwatch', 'watches'];

/** Commands that came later than some settings: a queue with such an alias is reached by its name or ARN only. */
const newerWords = ['redrive', 'cancel', 'history'];

export function aliasWarning(alias: string): string | undefined {
  const word = alias.toLowerCase();
  if (!newerWords.includes(word)) return undefined;
  return `is the name of a command (${word}): type the queue's ARN to reach it, or choose another alias`;
}

export function aliasFault(alias: string): string | undefined {
  const word = alias.toLowerCase().replace(/^[-–—]+|[.!?]+$/gu, '');
  if (commandWords.includes(word)) return `is the name of a command (${word}); choose another alias`;
  return nameFault(alias, 'an alias', 'alias');
}

/** Labels are not typed as commands, but people search for them, and every message shows them. */
export function labelFault(label: string): string | undefined {
  return nameFault(label, "an account's label", 'label');
}

function nameFault(name: string, what: string, noun: string): string | undefined {
  if (name.length > 80) return `is too long for ${what}; use at most 80 characters`;
  if (/^[-–—]/u.test(name)) return `begins with a dash; choose another ${noun}`;
  const isTypable = !/[\s<>&`"'‘’“”\p{C}]/u.test(name) && name === name.normalize('NFC');
  const reference = parseQueueReference(name);
  if (isTypable && reference?.kind === 'word' && reference.text === name) return undefined;
  return `can't be typed as ${what}; use letters, digits, dots, dashes, and underscores`;
}
