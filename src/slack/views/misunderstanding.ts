import { tasksListedAtMost } from '../../operations/move-tasks.ts';
import type { Message } from '../blocks.ts';
import { commandName } from '../commands.ts';
import type { Misunderstanding } from '../parse-command.ts';
import { codeSpan } from '../text.ts';
import { helpView } from './help.ts';
import { privateMessage } from './private-message.ts';

export function misunderstandingView(misunderstanding: Misunderstanding): Message {
  return privateMessage([
    ...linesFor(misunderstanding, commandName),
    `\`${commandName} help\` shows what can be typed.`,
  ]);
}

/** A mention may be no question at all, so that help comes along. */
export function misunderstoodMentionView(
  misunderstanding: Misunderstanding,
  { botName, canWatch }: { botName: string; canWatch: boolean },
): Message {
  const wrong = privateMessage(linesFor(misunderstanding, `@${botName}`, true));
  const help = helpView(canWatch, botName);
  return { text: `${wrong.text}\n\n${help.text}`, blocks: [...wrong.blocks, ...help.blocks] };
}

/** `call`: what people begin with, a slash command or a mention. A sentence's first word is no queue. */
function linesFor(misunderstanding: Misunderstanding, call: string, isSentence = false): string[] {
  const typed = codeSpan(misunderstanding.typed, 100);
  switch (misunderstanding.wrong) {
    case 'count-not-a-number':
      return [
        `${typed} is not a number. After the queue comes how many redrives to show, 1 to ${tasksListedAtMost}.`,
      ];
    case 'no-such-word':
      return [
        `There is no command ${typed}. Did you mean ${codeSpan(`${call} ${misunderstanding.meant}`, 100)}?`,
      ];
    case 'count-out-of-range':
      return [`${typed} is out of range. SQS lists 1 to ${tasksListedAtMost} redrives of a queue.`];
    case 'too-many-words':
      return [
        `${typed} has too many words.`,
        `Type ${codeSpan(`${call} ${isSentence ? '<queue>' : misunderstanding.first}`, 100)}.`,
      ];
    case 'queue-missing':
      return [`Which queue? Type ${codeSpan(`${call} ${misunderstanding.typed} <queue>`, 100)}.`];
  }
}
