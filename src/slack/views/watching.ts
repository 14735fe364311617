import type { MoveTask } from '../../domain/move-task.ts';
import type { Queue } from '../../domain/queue.ts';
import { movedInWords, statusAndSymbol } from '../../domain/task-words.ts';
import type { WatchedQueue } from '../../operations/overview.ts';
import { codeSpan, escaped, linkToMessage, type Message, mrkdwn, slackTime } from '../block-kit.ts';
import { commandName } from '../commands.ts';
import { privateMessage } from './private-message.ts';

/** For a deployment without the watch function, in a region without durable functions. */
export function cannotWatchView(): Message {
  return privateMessage([
    "Watching isn't available: this bot was deployed without its watch function.",
    `Type ${codeSpan(`${commandName} <queue>`)} to get the card, and click Refresh on it to see how the redrive is going.`,
  ]);
}

/** What a person is told about their own watch of a queue. */
const answers = {
  'watched already': (name: string) =>
    `You're already watching this redrive of ${name}. You'll be notified in the thread when it ends.`,
  'watched after the end': (name: string) =>
    `This redrive of ${name} has ended. You'll be notified in the thread if messages come back.`,
  'not watched': (name: string) => `You're not watching a redrive of ${name}.`,
  unwatched: (name: string) => `You're no longer watching ${name}.`,
};

export function watchAnswerView(answer: keyof typeof answers, queue: Queue): Message {
  return privateMessage([answers[answer](codeSpan(queue.name))]);
}

/** The same whether the queue is hidden from this channel or not listed at all. */
export function nothingToUnwatchHereView(): Message {
  return privateMessage(["You're not watching this redrive."]);
}

export function nothingRunsView(queue: Queue, last: MoveTask | undefined): Message {
  const nothing = `Nothing to watch: no redrive of ${codeSpan(queue.name)} is running.`;
  if (!last) return privateMessage([nothing, 'SQS lists no redrives of it.']);
  const started = last.startedAt === undefined ? [] : [slackTime(last.startedAt, 'started ')];
  const words = [mrkdwn(statusAndSymbol(last)), movedInWords(last), ...started].join(' · ');
  return privateMessage([nothing, `The last one: ${words}.`]);
}

/** With long names, a message holds no more lines than this. */
const linesShown = 10;

type Watched = { mine: WatchedQueue[]; others: WatchedQueue[]; workspaceUrl: string };

export function watchesView({ mine, others, workspaceUrl }: Watched): Message {
  const followed = others.filter(({ watch }) => watch.watchers.length === 0);
  const watched = others.filter(({ watch }) => watch.watchers.length > 0);
  const part = (title: string, some: WatchedQueue[]) =>
    some.length > 0 ? [`*${title}*`, ...watchLines(some, workspaceUrl)] : [];
  const lines = [
    ...part("You're watching", mine),
    ...part('Others are watching in this channel', watched),
    ...part('This channel follows', followed),
  ];
  return privateMessage(lines.length > 0 ? lines : ['Neither you nor this channel is watching a redrive.']);
}

/** A line each, with a link to the card. */
export function watchLines(watched: WatchedQueue[], workspaceUrl: string): string[] {
  const shown = watched.slice(0, linesShown);
  const more = watched.length - shown.length;
  return [
    ...shown.map(
      ({ watch, queue }) =>
        `• ${codeSpan(queue.name)} ${escaped(queue.account.label)} · ${slackTime(watch.startedAt, 'started ')} · ${watch.phase === 'running' ? 'running' : 'ended; checking whether messages come back'} · <${linkToMessage(watch.card, workspaceUrl)}|card>`,
    ),
    ...(more > 0 ? [`and ${more} more`] : []),
  ];
}
