import { parseQueueReference } from '../domain/queue-reference.ts';

/** What a person types after `/dlq-tasks` for something else than a queue. */
const commandWords = ['help', 'watch', 'unwatch', 'watches'];

/** Why nobody could type this alias to name its queue; nothing when they can. */
export function aliasFault(alias: string): string | undefined {
  const word = alias.toLowerCase().replace(/^[-–—]+|[.!?]+$/gu, '');
  if (commandWords.includes(word)) return `is a command's word (${word}); choose another alias`;
  if (alias.length > 80) return 'is too long for an alias; use at most 80 characters';
  if (/^[-–—]/u.test(alias)) return 'begins with a dash; choose another alias';
  const isTypable = !/[\s<>&`"'‘’“”\p{C}]/u.test(alias) && alias === alias.normalize('NFC');
  const reference = parseQueueReference(alias);
  if (isTypable && reference?.kind === 'word' && reference.text === alias) return undefined;
  return 'cannot be typed as an alias; use letters, digits, dots, dashes and underscores';
}
