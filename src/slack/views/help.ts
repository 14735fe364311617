import { tasksListedAtMost } from '../../domain/sqs-limits.ts';
import { codeSpan, context, header, type Message, section } from '../block-kit.ts';
import { commandName, commandTable, otherWays } from '../commands.ts';
import type { Misunderstanding } from '../parse-command.ts';
import { privateMessage } from './private-message.ts';

/** What this bot can do in this deployment. `botName`: as people mention it. */
type Abilities = { canWatch: boolean; canAct: boolean; botName?: string };

export function helpView({ canWatch, canAct, botName = 'dlq-tasks' }: Abilities): Message {
  const title = 'Dead-letter queue redrives';
  const commands = commandTable
    .filter(({ isWatching, isActing }) => (canWatch || !isWatching) && (canAct || !isActing))
    .map(({ usage, gives }) => `${codeSpan(`${commandName} ${usage}`.trim())}\n${gives}`);
  const others = otherWays.map(({ usage, gives }) => `${codeSpan(usage(botName), 150)}\n${gives}`);
  const names = `${codeSpan('<queue>')} can be a name, an alias, an ARN, or a URL.`;
  return {
    text: [title, ...commands, ...others, names].join('\n'),
    blocks: [header(title), section([...commands, ...others].join('\n\n')), context(names)],
  };
}

export function misunderstandingView(misunderstanding: Misunderstanding): Message {
  return privateMessage([
    ...linesFor(misunderstanding, commandName),
    `\`${commandName} help\` shows all commands.`,
  ]);
}

/** A mention may not be meant as a command, so the answer includes help. */
export function misunderstoodMentionView(
  misunderstanding: Misunderstanding,
  abilities: Required<Abilities>,
): Message {
  const wrong = privateMessage(linesFor(misunderstanding, `@${abilities.botName}`, true));
  const help = helpView(abilities);
  return { text: `${wrong.text}\n\n${help.text}`, blocks: [...wrong.blocks, ...help.blocks] };
}

/** `call`: how the command begins, a slash command or a mention. The first word of a sentence is not a queue. */
function linesFor(misunderstanding: Misunderstanding, call: string, isSentence = false): string[] {
  const typed = codeSpan(misunderstanding.typed, 100);
  switch (misunderstanding.wrong) {
    case 'count-not-a-number':
      return [
        `${typed} is not a number. After the queue, type how many redrives to show, 1 to ${tasksListedAtMost}.`,
      ];
    case 'no-such-word':
      return [
        `There is no command ${typed}. Did you mean ${codeSpan(`${call} ${misunderstanding.meant}`, 100)}?`,
      ];
    case 'count-out-of-range':
      return [`${typed} is out of range. You can see 1 to ${tasksListedAtMost} redrives of a queue.`];
    case 'too-many-words':
      return [
        `${typed} has too many words.`,
        `Type ${codeSpan(`${call} ${isSentence ? '<queue>' : misunderstanding.first}`, 100)}.`,
      ];
    case 'queue-missing':
      return [`Which queue? Type ${codeSpan(`${call} ${misunderstanding.typed} <queue>`, 100)}.`];
  }
}
