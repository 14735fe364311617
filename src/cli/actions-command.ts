import { environmentDefaults } from '../config/environment.ts';
import type { Action } from '../domain/actions/action.ts';
import type { ActionRecord } from '../operations/actions/action-store.ts';
import { type CliCall, type CliCommand, CliError, exitCodes } from './command.ts';
import { actionJson, actionsText } from './text/actions-text.ts';
import { isoTime } from './text/times.ts';
import { queueOf } from './typed-queue.ts';

const shownAtMost = 1_000;

export const actionsCommand: CliCommand = {
  name: 'actions',
  usage: '[queue]',
  gives: 'shows who requested, approved, started or cancelled redrives, and why',
  details: [
    'Reads the record in the data folder (DLQ_TASKS_DATA), even while the bot runs, and changes nothing.',
    '--json has every step of each action.',
  ],
  words: [0, 1],
  options: { json: { type: 'boolean', gives: 'as JSON, for scripts' } },
  examples: ['actions', 'actions orders-dlq', 'actions --json | jq ".[0].steps"'],
  run: actions,
};

async function actions(call: CliCall): Promise<number> {
  const { words, options, out } = call;
  const queue = words[0] === undefined ? undefined : await queueOf(words[0], call);
  const folder = call.env['DLQ_TASKS_DATA'] || environmentDefaults.dataFolder;
  const record = await opened(folder, call);
  try {
    const given = { ...(queue && { queueArn: queue.arn }), atMost: shownAtMost };
    const found = (await record?.list(given)) ?? [];
    const shown = options['json']
      ? JSON.stringify(
          await Promise.all(
            found.map(async (action) => ({
              ...actionJson(action),
              steps: ((await record?.record(action.id)) ?? []).map(stepJson),
            })),
          ),
          null,
          2,
        )
      : actionsText(found, out.paint);
    out.write(`${shown}\n`);
    return exitCodes.ok;
  } finally {
    record?.close();
  }
}

function stepJson({ at, from, action }: ActionRecord) {
  const { state, confirmation }: Action = action;
  return { at: isoTime(at), from, to: state, depthShown: confirmation?.depth };
}

async function opened(folder: string, { ports }: CliCall) {
  try {
    return await ports.actionRecord(folder);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CliError(
      `Can't read the record in ${folder}: ${why}. DLQ_TASKS_DATA names another data folder.`,
    );
  }
}
