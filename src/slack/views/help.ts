import { context, header, type Message, section } from '../blocks.ts';
import { commandName, commandTable, otherWays } from '../commands.ts';
import { codeSpan } from '../text.ts';

/** `botName`: as people mention it. */
export function helpView(watchable = true, botName = 'dlq-tasks'): Message {
  const title = 'Redrives of dead-letter queues';
  const commands = commandTable
    .filter(({ isWatching }) => watchable || !isWatching)
    .map(({ usage, gives }) => `${codeSpan(`${commandName} ${usage}`.trim())}\n${gives}`);
  const others = otherWays.map(({ usage, gives }) => `${codeSpan(usage(botName), 150)}\n${gives}`);
  const names = `${codeSpan('<queue>')} is a name, an alias, an ARN or a URL, as you have it at hand.`;
  return {
    text: [title, ...commands, ...others, names].join('\n'),
    blocks: [header(title), section([...commands, ...others].join('\n\n')), context(names)],
  };
}
