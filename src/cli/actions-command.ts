import type { Action } from '../domain/actions/action.ts';
import type { ActionRecord } from '../operations/actions/action-store.ts';
import type { CliCall, CliCommand } from './command.ts';
import { showRecorded, tableOption } from './recorded.ts';
import { actionJson, actionsText } from './text/actions-text.ts';
import { isoTime } from './text/times.ts';
import { queueOf } from './typed-queue.ts';

const shownAtMost = 1_000;

export const actionsCommand: CliCommand = {
  name: 'actions',
  usage: '[queue]',
  gives: 'shows who requested, approved, started, or canceled redrives, and why',
  details: [
    'Reads the record in the data folder (DLQ_TASKS_DATA), even while the bot runs, and changes nothing.',
    "For a bot on Lambda, use --table with the name that the stack's outputs give as ActionTable. This reads the",
    'table in the region in AWS_REGION, and needs dynamodb:GetItem and dynamodb:Query.',
    '--json includes every step of each action.',
  ],
  words: [0, 1],
  options: { table: tableOption, json: { type: 'boolean', gives: 'as JSON, for scripts' } },
  examples: [
    'actions',
    'actions orders-dlq',
    'actions --json | jq ".[0].steps"',
    'actions --table dlq-tasks-dev-Actions-1ABCDEF',
  ],
  run: actions,
};

async function actions(call: CliCall): Promise<number> {
  const { words, options, ports, out } = call;
  const queue = words[0] === undefined ? undefined : await queueOf(words[0], call);
  const given = { ...(queue && { queueArn: queue.arn }), atMost: shownAtMost };
  const recorded = { open: ports.actionRecord, what: 'record', output: 'ActionTable' };
  return showRecorded(call, recorded, async (record) => {
    const found = (await record?.list(given)) ?? [];
    if (!options['json']) return actionsText(found, out.paint);
    const inFull = found.map(async (action) => ({
      ...actionJson(action),
      steps: ((await record?.record(action.id)) ?? []).map(stepJson),
    }));
    return JSON.stringify(await Promise.all(inFull), null, 2);
  });
}

function stepJson({ at, from, action }: ActionRecord) {
  const { state, confirmation }: Action = action;
  return { at: isoTime(at), from, to: state, depthShown: confirmation?.depth };
}
