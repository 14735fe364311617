import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PageMessage } from '../../sandbox/slack/page-contract.ts';
import type { Action } from '../../src/domain/actions/action.ts';
import { isOpen } from '../../src/domain/actions/lifecycle.ts';
import { openActionRecord } from '../../src/storage/sqlite/sqlite-action-store.ts';
import type { AskingPeople, Wish } from './action-campaign.ts';
import { cancelVerdict } from './cancel-verdict.ts';
import { createLogWatch } from './log-watch.ts';
import { isDirect, kindOf, toldTwice } from './said.ts';
import type { Stage } from './stage.ts';

/** The beginning of a task handle in the sandbox's SQS. */
const handle = 'eyJ0YXNrSWQi';

const reading = (action: string) => /^(Get|List|Assume)|^(Start|Cancel)MessageMoveTask$/.test(action);

/** Waits until everything left needs a person, stops the bot, and compares AWS, Slack and the record. */
export async function actionVerdict(
  stage: Stage,
  { wishes, starts: startsNow, cancels, cancelClicks }: Omit<AskingPeople, 'stop'>,
  { withinMs, isEveryEndAwaited = false, undisturbedSince = Infinity }: Given,
) {
  const isUnfinished = (action: Action, isDone: (action: Action) => boolean) =>
    action.outbox.length > 0 ||
    ['starting', 'cancelling'].includes(action.state) ||
    (action.state === 'unsure' && (isEveryEndAwaited || isDone(action)));
  const unfinished = async () => {
    const { isStarted, isCanceled } = await doneAtAws(stage);
    return (await rowsOf(stage)).filter((row) =>
      isUnfinished(row, row.kind === 'start' ? isStarted : isCanceled),
    );
  };
  for (const giveUpAt = Date.now() + withinMs; Date.now() < giveUpAt; await sleep(200)) {
    if ((await unfinished()).length === 0) break;
  }
  const exitCode = await stage.server.stop();
  const [all, { isStarted }] = [await rowsOf(stage), await doneAtAws(stage)];
  const rows = all.filter(({ kind }) => kind === 'start');
  const starts = startsNow();
  const of = (action: Action) =>
    starts.filter(({ params }) => isOfRate(params, action.rate) && params['SourceArn'] === action.queueArn);
  const inWords = ({ reason, state }: Action) => `${reason} ${state}`;
  return {
    exitCode,
    startedTwice: rows.filter((row) => of(row).length > 1).map(inWords),
    calledWithoutRecord: starts.length - rows.filter((row) => row.calledAt && of(row).length > 0).length,
    startedUnapproved: rows
      .filter((row) => of(row).length > 0 && !row.decider?.startsWith('ULEAD'))
      .map(inWords),
    notKnownAsStarted: rows.filter((row) => isStarted(row) && row.state !== 'started').map(inWords),
    neverStarted: rows.filter((row) => !isStarted(row) && row.state === 'started').map(inWords),
    unfinished: (await unfinished()).map(inWords),
    requests: lostRequests(stage, wishes, rows),
    inOthersNames: rows.filter((row) => of(row).some((start) => !isNamed(start, row))).map(inWords),
    strangeCalls: stage.aws.requests.filter(({ action }) => !reading(action)),
    leaks: leaksOf(stage, all),
    toldTwice: toldTwice(stage.slack),
    cancels: await cancelVerdict(stage, all, {
      cancels: cancels(),
      clicks: cancelClicks.filter(({ at }) => at >= undisturbedSince),
    }),
  };
}

type Given = {
  withinMs: number;
  isEveryEndAwaited?: boolean;
  /** Since then no process was killed, and every click on Cancel… must have got an answer. */
  undisturbedSince?: number;
};

export const perfect: Awaited<ReturnType<typeof actionVerdict>> = {
  exitCode: 0,
  startedTwice: [],
  calledWithoutRecord: 0,
  startedUnapproved: [],
  notKnownAsStarted: [],
  neverStarted: [],
  unfinished: [],
  requests: { lost: [], postedTwice: [], unseen: [] },
  inOthersNames: [],
  strangeCalls: [],
  leaks: [],
  toldTwice: [],
  cancels: {
    canceledOtherwise: [],
    notCanceled: [],
    moreCallsThanRecords: [],
    inOthersNames: [],
    notSaidOnce: [],
    unanswered: [],
  },
};

async function rowsOf({ database }: Pick<Stage, 'database'>): Promise<Action[]> {
  const record = openActionRecord(dirname(database));
  const rows = (await record?.list({ atMost: 10_000 })) ?? [];
  record?.close();
  return rows;
}

/** Whether SQS lists a start's redrive, identified by the rate, and whether it has canceled a cancel's. */
async function doneAtAws({ aws, queues }: Stage) {
  const [listed, canceled] = [new Set<string>(), new Set<string>()];
  for (const { arn } of queues) {
    for (const task of await aws.caretaker.tasks(arn)) {
      listed.add(`${arn} ${task['MaxNumberOfMessagesPerSecond']}`);
      if (task['Status'] === 'CANCELLED') canceled.add(`${arn} ${task['StartedTimestamp']}`);
    }
  }
  return {
    isStarted: ({ queueArn, rate }: Action) => listed.has(`${queueArn} ${rate}`),
    isCanceled: ({ queueArn, taskStartedAt }: Action) => canceled.has(`${queueArn} ${taskStartedAt}`),
  };
}

function isOfRate(params: Record<string, unknown>, rate: number | undefined): boolean {
  return params['MaxNumberOfMessagesPerSecond'] === rate;
}

function isNamed(
  { sourceIdentity, sessionName }: { sourceIdentity?: string | undefined; sessionName?: string | undefined },
  { requester, decider }: Action,
): boolean {
  return sourceIdentity === requester && sessionName === `dlq-tasks-${requester}-${decider}`;
}

/**
 * Everything that a channel has seen is stored, and everything stored is in a channel, once. Others may repeat a reason:
 * an answer that Slack did not take in private, in a direct message; and a notification whose thread Slack refused.
 */
function lostRequests({ slack }: Stage, wishes: readonly Wish[], rows: readonly Action[]) {
  const isPost = (message: PageMessage) =>
    !message.threadTs && !message.ephemeralFor && !isDirect(message) && kindOf(message) === '';
  const posts = slack.state().messages.filter(isPost);
  const posted = (reason: string) => posts.filter(({ text }) => text.includes(reason));
  const seen = (reason: string) => posted(reason).length;
  const kept = new Map(rows.map((row) => [row.reason, row]));
  return {
    lost: wishes.map(({ reason }) => reason).filter((reason) => seen(reason) > 0 && !kept.has(reason)),
    postedTwice: rows.map(({ reason }) => posted(reason)).filter((same) => same.length > 1),
    unseen: rows.filter((row) => isOpen(row) && seen(row.reason) === 0).map(({ reason }) => reason),
  };
}

function leaksOf({ slack, log }: Stage, rows: readonly Action[]): string[] {
  const elsewhere = createLogWatch([handle]);
  for (const row of rows) elsewhere.read(JSON.stringify(row));
  for (const message of slack.state().messages) elsewhere.read(JSON.stringify(message));
  return [...log.leaks, ...elsewhere.leaks];
}
