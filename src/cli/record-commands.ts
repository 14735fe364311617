import { environmentDefaults } from '../config/environment.ts';
import type { Action } from '../domain/actions/action.ts';
import { stateInBrief } from '../domain/actions/lifecycle.ts';
import { actionInHistory, cameBack, nothingRemembered, pastRedriveInWords } from '../domain/history.ts';
import { countInWords, messageOf, visible } from '../domain/wording.ts';
import { type HistoryEntry, historyOf } from '../operations/history.ts';
import { type CliCall, type CliCommand, CliError, exitCodes, type RecordPlace } from './command.ts';
import { isoTime, localTime, type Paint, sentence } from './terminal.ts';
import { queueOf } from './typed-queue.ts';

const tableOption = {
  type: 'string',
  value: 'name',
  gives: 'the DynamoDB table of a bot on Lambda',
} as const;

/** All of it: a hundred years of 27 redrives a day. */
const redrivesAtMost = 1_000_000;

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
    const entries = await historyOf({ queueArn, atMost: redrivesAtMost }, opened);
    return options['json']
      ? JSON.stringify(entries.map(entryJson), null, 2)
      : historyText(entries, out.paint);
  });
}

const actionsAtMost = 1_000;

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
  const given = { ...(queue && { queueArn: queue.arn }), atMost: actionsAtMost };
  const recorded = { open: ports.actionRecord, what: 'record', output: 'ActionTable' };
  return showRecorded(call, recorded, async (record) => {
    const found = (await record?.list(given)) ?? [];
    if (!options['json']) return actionsText(found, out.paint);
    const inFull = found.map(async (action) => ({
      ...actionJson(action),
      steps: ((await record?.record(action.id)) ?? []).map((step) => ({
        at: isoTime(step.at),
        from: step.from,
        to: step.action.state,
        depthShown: step.action.confirmation?.depth,
      })),
    }));
    return JSON.stringify(await Promise.all(inFull), null, 2);
  });
}

/** What is opened: `what` is its name, and `output` that of the stack's output that names its table. */
type Recorded<R> = { open: (place: RecordPlace) => Promise<R>; what: string; output: string };

/** Opens a record of the bot, shows it, and closes it. */
async function showRecorded<R extends { close(): void } | undefined>(
  { options: { table }, env, out }: CliCall,
  { open, what, output }: Recorded<R>,
  shown: (record: R) => Promise<string>,
): Promise<number> {
  const folder = env['DLQ_TASKS_DATA'] || environmentDefaults.dataFolder;
  try {
    const record = await open(typeof table === 'string' ? { table } : { folder });
    try {
      out.write(`${await shown(record)}\n`);
      return exitCodes.ok;
    } finally {
      record?.close();
    }
  } catch (error) {
    // The cause is the failed request to the table; the rest is for people who click.
    const { cause = error } = Object(error);
    throw new CliError(
      typeof table === 'string'
        ? `Can't read the table ${table}: ${messageOf(cause)}. Its name is ${output} in the stack's outputs; AWS_REGION must be its region.`
        : `Can't read the ${what} in ${folder}: ${messageOf(error)}. To use another data folder, set DLQ_TASKS_DATA.`,
    );
  }
}

function historyText(entries: readonly HistoryEntry[], paint: Paint): string {
  if (entries.length === 0) return sentence(nothingRemembered, paint);
  const inWords = (entry: HistoryEntry) =>
    entry.kind === 'redrive' ? pastRedriveInWords(entry.redrive, entry) : actionInHistory(entry.action);
  return entries.map((entry) => sentence(inWords(entry), paint)).join('\n');
}

/** For scripts: fields are added, never renamed. Times are ISO 8601 in UTC. */
function entryJson(entry: HistoryEntry) {
  if (entry.kind === 'action') return actionJson(entry.action);
  const { redrive, start } = entry;
  const { queueArn, task, startedHere, startedElsewhere, left, highest } = redrive;
  const { requester, decider, reason } = startedHere ?? start ?? {};
  return {
    kind: entry.kind,
    queueArn,
    startedAt: isoTime(redrive.startedAt),
    /** When the bot first saw that it had ended. */
    endedBy: isoTime(redrive.endedBy),
    status: task.statusText,
    moved: task.moved,
    toMove: task.toMove,
    failureReason: task.failureReason,
    messagesPerSecond: task.customRate,
    destinationArn: task.destinationArn,
    leftInDlq: left,
    highestInDlq: highest,
    cameBack: cameBack(redrive),
    requester,
    decider,
    reason,
    startedElsewhere,
    card: redrive.card && { channel: redrive.card.channel, ts: redrive.card.ts },
  };
}

/** Newest first, two lines each. */
function actionsText(actions: readonly Action[], paint: Paint): string {
  if (actions.length === 0) return 'No actions are recorded.';
  return actions.map((action) => actionText(action, paint)).join('\n\n');
}

function actionText(action: Action, paint: Paint): string {
  const { kind, state, alias, requestedAt, requester, decider, rate, destinationArn, result } = action;
  const head = `${localTime(requestedAt)} · ${paint('bold', visible(alias))} · ${kind} · ${stateInBrief[state]}`;
  const depth = depthText(action);
  const facts = [
    `requested by ${visible(requester)}`,
    ...(decider === undefined || decider === requester ? [] : [`decided by ${visible(decider)}`]),
    ...(rate === undefined ? [] : [`${rate} a second`]),
    ...(destinationArn === undefined ? [] : [`to ${visible(destinationArn)}`]),
    ...(depth === '' ? [] : [depth]),
    ...(action.voidBecause === undefined ? [] : [action.voidBecause]),
    ...(result.code === undefined ? [] : [visible(result.code)]),
    ...(result.requestId === undefined ? [] : [`request ${visible(result.requestId)}`]),
  ];
  const reason = action.reason === '' ? '' : `\n  “${visible(action.reason)}”`;
  return `${head}\n  ${facts.join(' · ')}${reason}`;
}

function depthText({ depthAtRequest, depthAtDecision }: Action): string {
  if (depthAtRequest === undefined) return '';
  const [asked, decided] = [countInWords(depthAtRequest), countInWords(depthAtDecision ?? depthAtRequest)];
  return asked === decided ? `${asked} messages` : `${asked} messages, ${decided} when decided`;
}

/** A stable format for scripts. It leaves out what is still to be delivered. */
function actionJson(action: Action) {
  const { id, kind, state, queueArn, alias, place, requester, decider, reason, rate, result } = action;
  return {
    ...{
      id,
      kind,
      state,
      queue: { alias, arn: queueArn },
      channel: place.channel,
      requester,
      decider,
      reason,
    },
    ...{ messagesPerSecond: rate, destinationArn: action.destinationArn },
    ...{ depthAtRequest: action.depthAtRequest, depthAtDecision: action.depthAtDecision },
    requestedAt: isoTime(action.requestedAt),
    decidedAt: isoTime(action.decidedAt),
    endedAt: isoTime(action.endedAt),
    taskStartedAt: isoTime(result.startedAt ?? action.taskStartedAt),
    voidBecause: action.voidBecause,
    awsCode: result.code,
    awsRequestId: result.requestId,
  };
}
