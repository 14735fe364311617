import { tasksListedAtMost } from '../../operations/move-tasks.ts';
import type { Message } from '../blocks.ts';
import { commandName } from '../commands.ts';
import type { Misunderstanding } from '../parse-command.ts';
import { codeSpan } from '../text.ts';
import { privateWords } from './private-words.ts';

export function misunderstandingView(misunderstanding: Misunderstanding, errorId: string): Message {
  return privateWords(
    [...linesFor(misunderstanding), `\`${commandName} help\` shows what can be typed.`],
    errorId,
  );
}

function linesFor(misunderstanding: Misunderstanding): string[] {
  const typed = codeSpan(misunderstanding.typed, 100);
  switch (misunderstanding.wrong) {
    case 'count-not-a-number':
      return [
        `${typed} is not a number. After the queue comes how many redrives to show, 1 to ${tasksListedAtMost}.`,
      ];
    case 'count-out-of-range':
      return [`${typed} is out of range. SQS lists 1 to ${tasksListedAtMost} redrives of a queue.`];
    case 'too-many-words':
      return [
        `${typed} has too many words.`,
        `Type ${codeSpan(`${commandName} ${misunderstanding.first}`, 100)}.`,
      ];
    case 'queue-missing':
      return [`Which queue? Type ${codeSpan(`${commandName} ${misunderstanding.typed} <queue>`, 100)}.`];
  }
}
