import { historyOf } from '../operations/history/history.ts';
import type { CliCall, CliCommand } from './command.ts';
import { showRecorded, tableOption } from './recorded.ts';
import { entryJson, historyText } from './text/history-text.ts';
import { queueOf } from './typed-queue.ts';

/** All of it: a hundred years of 27 redrives a day. */
const shownAtMost = 1_000_000;

export const historyCommand: CliCommand = {
  name: 'history',
  usage: '<queue>',
  gives: "shows a queue's past redrives and actions, beyond the ten that SQS lists",
  details: [
    'Reads the data folder (DLQ_TASKS_DATA), even while the bot runs, and changes nothing.',
    "For a bot on Lambda, use --table with the name that the stack's outputs give as HistoryTable. This reads the table",
    'in the region in AWS_REGION, and needs dynamodb:Query. For its actions, run: dlq-tasks actions --table.',
  ],
  words: [1, 1],
  options: {
    table: tableOption,
    json: { type: 'boolean', gives: 'as JSON, for scripts: one array, newest first' },
  },
  examples: ['history orders-dlq', 'history orders-dlq --json | jq ".[0].moved"'],
  run: history,
};

async function history(call: CliCall): Promise<number> {
  const { words, options, ports, out } = call;
  const { arn: queueArn } = await queueOf(words[0] ?? '', call);
  const recorded = { open: ports.history, what: 'history', output: 'HistoryTable' };
  return showRecorded(call, recorded, async (opened) => {
    const entries = await historyOf({ queueArn, atMost: shownAtMost }, opened);
    return options['json']
      ? JSON.stringify(entries.map(entryJson), null, 2)
      : historyText(entries, out.paint);
  });
}
