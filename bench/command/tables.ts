import type { BenchResult } from '../shared/result.ts';
import { rounded } from '../shared/statistics.ts';
import type { ContenderName } from './contenders.ts';
import type { Crowd } from './people.ts';

export type Contest = {
  bot: ContenderName;
  /** All the same queue, one of ten, each another one, or `help`. */
  typed: 'one queue' | 'ten queues' | 'own queue' | 'help';
  manner: Crowd['manner'];
  atOnce: number;
  /** How long they go on. */
  ms: number;
  delayMs: number;
};

/** Medians over the rounds. */
export type CommandFigures = Contest & {
  ackMs: { p50: number; p99: number };
  answerMs: { p50: number; p99: number };
  acksASecond: number;
  answersASecond: number;
  /** What an answer costs the bot's process, in milliseconds of CPU. */
  cpuMsEach: number;
  /** Of a core, what the people, Slack and AWS take in the bench's own process. */
  loadShare: number;
};

export function tablesOf(figures: CommandFigures[]): BenchResult['tables'] {
  const cards = figures.filter(({ typed, manner }) => typed !== 'help' && manner === 'again');
  const hello = figures.filter(({ typed, manner }) => typed === 'help' && manner === 'again');
  const together = figures.filter(({ manner }) => manner === 'together');
  const busiest = Math.max(...figures.map(({ loadShare }) => loadShare));
  return [
    {
      caption: `Cards, each person typing again once the card is there (ms to the acknowledgement and to the card; CPU is the bot's, in ms a card). People, Slack and AWS took at most ${rounded(100 * busiest)} % of a core in all that follows.`,
      head: [
        'bot',
        'people ask for',
        'AWS and Slack answer',
        'at a time',
        'cards a second',
        'CPU',
        ...timesHead('card'),
      ],
      rows: cards.map((of) => [
        of.bot,
        of.typed === 'own queue' ? 'a queue each' : of.typed,
        of.delayMs === 0 ? 'at once' : `after ${of.delayMs} ms`,
        String(of.atOnce),
        rounded(of.answersASecond),
        rounded(of.cpuMsEach, 1),
        ...timesInWords(of),
      ]),
    },
    {
      caption:
        '`/dlq-tasks help` beside Bolt’s hello world: both acknowledge and answer through the response URL.',
      head: ['bot', 'at a time', 'commands a second', 'CPU', ...timesHead('answer')],
      rows: hello.map((of) => [
        of.bot,
        String(of.atOnce),
        rounded(of.acksASecond),
        rounded(of.cpuMsEach, 1),
        ...timesInWords(of),
      ]),
    },
    {
      caption: 'The same moment for all: how quickly they are acknowledged, whatever the work behind is.',
      head: ['bot', 'typed', 'at once', 'acks a second', ...timesHead('answer')],
      rows: together.map((of) => [
        of.bot,
        of.typed === 'help' ? of.typed : 'a queue',
        String(of.atOnce),
        rounded(of.acksASecond),
        ...timesInWords(of),
      ]),
    },
  ];
}

const timesHead = (what: string) => ['ack p50', 'p99', `${what} p50`, 'p99'];

function timesInWords({ ackMs, answerMs }: CommandFigures): string[] {
  return [ackMs.p50, ackMs.p99, answerMs.p50, answerMs.p99].map((ms) => rounded(ms, 1));
}
