import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { AwsFault } from '../../sandbox/aws/faults.ts';
import type { Action } from '../../src/domain/actions/action.ts';
import { openActionRecord } from '../../src/storage/sqlite/read-actions.ts';
import { startActionsStage } from './action-campaign.ts';
import { killAndRestart } from './kills.ts';
import { chaosSeed, seededRandom } from './seeded-random.ts';
import type { Stage, StageQueue } from './stage.ts';

const seed = chaosSeed();
const statusOf = async ({ aws }: Stage, { arn }: StageQueue, nth: number) =>
  (await aws.caretaker.tasks(arn)).toReversed()[nth]?.['Status'];
const slowly = (arn: string) => ({ messagesPerSecond: 1, destinationArn: arn.replace(/-dlq$/, '') });
const isCancel = ({ action }: { action: string }) => action === 'CancelMessageMoveTask';

/** Types and clicks twice at once, again and again, until SQS has cancelled; then clicks the old question once more. */
async function cancels(stage: Stage, queue: StageQueue, person: string): Promise<void> {
  const me = stage.slack.as(person);
  const questions = () => stage.slack.privateWords(person).filter(({ text }) => text.includes('*Cancel the'));
  // A cancel that a kill kept from being sent is open for a minute.
  const giveUpAt = Date.now() + 100_000;
  while ((await statusOf(stage, queue, 0)) === 'RUNNING' && Date.now() < giveUpAt) {
    await me.types('CTEAM0', `/dlq-tasks cancel ${queue.name}`);
    await sleep(300);
    const question = questions().at(-1);
    const click = async () => question && me.clicks(question, 'Cancel redrive');
    await Promise.all([click(), click()]);
    await sleep(300);
  }
  while ((await statusOf(stage, queue, 0)) === 'CANCELLING') await sleep(50);
  if ((await statusOf(stage, queue, 0)) !== 'CANCELLED') return;
  await stage.aws.caretaker.startRedrive(queue.arn, slowly(queue.arn));
  const [old] = questions();
  for (let clicks = 0; clicks < 3 && old; clicks += 1) await me.clicks(old, 'Cancel redrive');
}

function cancelFault(random: ReturnType<typeof seededRandom>): AwsFault {
  return {
    ...{ service: 'SQS', action: 'CancelMessageMoveTask', times: 1 },
    ...random.pick<AwsFault>(
      { kind: 'done-then-reset' },
      { kind: 'done-then-error' },
      { kind: 'done-then-slow', ms: 300 },
      { kind: 'throttle' },
    ),
  };
}

test(`kills around a cancel cancel no other redrive, and none that was cancelled is called rejected (CHAOS_SEED=${seed})`, async () => {
  await using stage = await startActionsStage(6);
  const { aws, slack, server, queues } = stage;
  const random = seededRandom(seed);
  for (const { arn } of queues) {
    await aws.caretaker.send(arn, 200);
    await aws.caretaker.startRedrive(arn, slowly(arn));
  }
  await stage.open();
  const badDays = setInterval(() => aws.faults.add(cancelFault(random)), 150);
  const people = Promise.all(queues.map((queue, index) => cancels(stage, queue, `UASK${index}`)));
  const called = () => aws.requests.findLast(isCancel);
  const answered = () => aws.requests.findLast((request) => isCancel(request) && request.status > 0);
  const posted = () => slack.state().messages.length;
  const moments = [called, answered, posted, posted] as const;
  for (let kills = 0; kills < 8; kills += 1)
    await killAndRestart(stage, random, random.pick<(typeof moments)[number]>(...moments));
  await server.ready();
  await people;
  clearInterval(badDays);
  aws.faults.clear();
  const rows = async () => {
    const record = openActionRecord(stage.database.replace('/watches.sqlite', ''));
    const listed = (await record?.list({ atMost: 1_000 })) ?? [];
    record?.close();
    return listed;
  };
  const unfinished = async () =>
    (await rows()).filter(
      ({ state, outbox }) => ['cancelling', 'unsure'].includes(state) || outbox.length > 0,
    );
  for (const until = Date.now() + 75_000; Date.now() < until && (await unfinished()).length > 0; )
    await sleep(200);
  const all = await rows();
  const wasDone = ({ requester, calledAt = 0, endedAt = 0 }: Action) =>
    aws.requests.some(
      (one) =>
        isCancel(one) &&
        one.sourceIdentity === requester &&
        one.status !== 400 &&
        one.at >= calledAt &&
        one.at <= endedAt,
    );
  const others = await Promise.all(queues.map((queue) => statusOf(stage, queue, 1)));
  expect({
    unfinished: await unfinished(),
    others: others.filter((status) => status !== undefined && status !== 'RUNNING'),
    wronglyRejected: all.filter((row) => row.state === 'rejected' && wasDone(row)),
    callsWithoutRecord: Math.max(0, aws.requests.filter(isCancel).length - all.length),
    inOthersNames: aws.requests.filter((one) => isCancel(one) && one.sourceIdentity === undefined),
  }).toEqual({
    ...{ unfinished: [], wronglyRejected: [], callsWithoutRecord: 0, inOthersNames: [] },
    others: [],
  });
  expect(all.some(({ state }) => state === 'cancelled')).toBe(true);
}, 240_000);
