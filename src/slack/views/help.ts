import { context, header, type Message, section } from '../blocks.ts';
import { commandName, commandTable } from '../commands.ts';
import { codeSpan } from '../text.ts';

export function helpView(watchable = true): Message {
  const title = 'Redrives of dead-letter queues';
  const rows = commandTable
    .filter(({ isWatching }) => watchable || !isWatching)
    .map(({ usage, gives }) => `${codeSpan(`${commandName} ${usage}`.trim())}\n${gives}`);
  const names = `${codeSpan('<queue>')} is a name, an alias, an ARN or a URL, as you have it at hand.`;
  return {
    text: [title, ...rows, names].join('\n'),
    blocks: [header(title), section(rows.join('\n\n')), context(names)],
  };
}
