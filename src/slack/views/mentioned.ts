import type { Queue } from '../../domain/queue.ts';
import type { Message } from '../blocks.ts';
import { commandName } from '../commands.ts';
import { codeSpan } from '../text.ts';
import { choicesShown, privateMessage, withQueueButtons } from './private-message.ts';

/** A message that mentions several queues, or may mean one. */
export function mentionedView(queues: readonly Queue[]): Message {
  const rest =
    queues.length > choicesShown
      ? ` These are the first ${choicesShown}; for any other, type its name after ${codeSpan(commandName)}.`
      : '';
  if (queues.length === 1) {
    const question =
      'This message may be about this queue, but does not name it clearly. Show it in the thread?';
    return withQueueButtons([question], { queues, asked: 1 });
  }
  return withQueueButtons(
    [`This message mentions ${queues.length} queues. Which one shall be shown in its thread?${rest}`],
    { queues: queues.slice(0, choicesShown), asked: 1 },
  );
}

/** A message that mentions no queue. */
export function noneMentionedView(botName: string): Message {
  return privateMessage([
    'This message mentions no queue that this channel may see.',
    'Looked for: names, aliases, ARNs, URLs and console links of listed queues, and alarms that are named after one.',
    `Type ${codeSpan(`${commandName} <queue>`)} in the channel, or ${codeSpan(`@${botName} <queue>`, 120)} in the thread.`,
  ]);
}
