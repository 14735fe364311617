import { tasksListedAtMost } from '../domain/queue.ts';
import { type CliCall, type CliCommand, exitCodes, UsageError } from './command.ts';
import { settingsOf } from './settings.ts';
import { cardText, type State, stateOf, statusJson } from './status-text.ts';
import { reportOf } from './typed-queue.ts';

export const statusCommand: CliCommand = {
  name: 'status',
  usage: '<queue> [n]',
  gives: "shows the queue's newest redrive, or its last n (1 to 10)",
  details: [
    '<queue> is an alias, a queue name, an ARN, or a URL of a queue in the settings.',
    'Exit code: 0 the newest redrive ended, 3 it is running, 4 it failed, 5 there is none.',
  ],
  words: [1, 2],
  options: { json: { type: 'boolean', gives: 'as JSON, for scripts' } },
  examples: [
    'status orders-dlq',
    'status orders-dlq 5',
    'status arn:aws:sqs:eu-west-1:111122223333:orders-dlq --json',
  ],
  run: status,
};

const codes: Record<State, number> = {
  ended: exitCodes.ok,
  running: exitCodes.running,
  failed: exitCodes.failed,
  none: exitCodes.none,
};

export function codeOf(state: State): number {
  return codes[state];
}

async function status(call: CliCall): Promise<number> {
  const { words, options, out } = call;
  const asked = countOf(words[1]);
  const { queues } = await settingsOf(call);
  const moveTasks = await call.ports.moveTasks();
  const report = await reportOf(words[0] ?? '', asked, { call, queues, moveTasks }).finally(moveTasks.stop);
  const shown = options['json'] ? JSON.stringify(statusJson(report), null, 2) : cardText(report, out.paint);
  out.write(`${shown}\n`);
  return codeOf(stateOf(report.tasks[0]));
}

function countOf(word: string | undefined): number {
  if (word === undefined) return 1;
  const count = /^\d{1,2}$/.test(word) ? Number(word) : 0;
  if (count >= 1 && count <= tasksListedAtMost) return count;
  throw new UsageError(`"${word}" is not a number from 1 to ${tasksListedAtMost}.`);
}
