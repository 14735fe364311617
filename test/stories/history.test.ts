import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTestBot, type TestBot } from '../support/bot.ts';
import { aQueue, aTask, now } from '../support/builders.ts';
import { fakeMoveTasks } from '../support/fake-move-tasks.ts';
import { anActionsStage, buttonsOf } from './an-actions-stage.ts';

const payments = aQueue({ name: 'payments-dlq' });
const hidden = aQueue({ name: 'billing-dlq', channels: ['COPS'] });

let bot: TestBot;
let aws: ReturnType<typeof fakeMoveTasks>;
let clock: number;

beforeEach(async () => {
  aws = fakeMoveTasks();
  clock = now;
  bot = await startTestBot({ moveTasks: aws, queues: [payments, hidden], clock: () => clock });
});
afterEach(() => bot[Symbol.asyncDispose]());

const toAnn = () => bot.slack.privateWords('UANN').map(({ text }) => text);

async function annTypes(text: string, channel = 'CGENERAL') {
  await bot.slack.as('UANN').types(channel, text);
  await bot.settled();
}

async function timePasses(seconds: number) {
  const until = clock + seconds * 1000;
  while (clock < until) {
    clock = Math.min(until, clock + 1000);
    await bot.watcher.tick();
  }
}

test('remembers a redrive that SQS has forgotten, once for two watches, with its late numbers and what came back', async () => {
  aws.lists(aTask());
  await annTypes('/dlq-tasks watch payments-dlq');
  await bot.slack.as('UBOB').types('COPS', '/dlq-tasks watch payments-dlq');
  await bot.settled();
  aws.lists(aTask({ status: 'COMPLETED', moved: 1_190 }));
  await timePasses(300);
  aws.lists(aTask({ status: 'COMPLETED', moved: 1_200 }));
  await timePasses(15);
  aws.holds({ ok: true, value: { waiting: 7, inFlight: 0, delayed: 0 } });
  await timePasses(1_200);
  aws.lists();
  await annTypes('/dlq-tasks history payments-dlq');
  const said = toAnn().at(-1)?.split('\n') ?? [];
  expect(said.filter((line) => line.startsWith('•'))).toEqual([
    expect.stringMatching(/✅ Completed .*1,200 .*7 messages came back.*\|message>$/),
  ]);
});

test('a queue without any says so plainly', async () => {
  await annTypes('/dlq-tasks history payments-dlq');
  expect(toAnn().at(-1)).toContain('Nothing is remembered of this queue yet.');
});

test('answers for a hidden queue as for an unlisted one', async () => {
  await annTypes('/dlq-tasks history billing-dlq');
  await annTypes('/dlq-tasks history nobody-dlq');
  const [ofHidden, ofNone] = toAnn().slice(-2);
  expect(ofHidden?.replace('billing', 'nobody')).toBe(ofNone);
});

test('asks for a queue without one', async () => {
  await annTypes('/dlq-tasks history');
  expect(toAnn().at(-1)).toContain('Which queue? Type `/dlq-tasks history &lt;queue&gt;`');
});

test('remembers who started it here and why, even if both stop watching while it runs', async () => {
  await using stage = await anActionsStage();
  const request = await stage.requested();
  await stage.clicks('UBOB', 'Approve', request);
  await stage.timePasses(5);
  const [task] = stage.tasks;
  if (!task) throw new Error('Nothing was started.');
  stage.lists({ ...task, moved: 300 });
  for (const person of ['UANN', 'UBOB']) await stage.clicks(person, 'Unwatch', request);
  expect(buttonsOf(stage.ours()[0])).toContain('watch');
  await stage.timePasses(120);
  stage.lists({ ...task, status: 'COMPLETED', statusText: 'COMPLETED', moved: 1_204 });
  await stage.timePasses(360);
  stage.lists();
  await stage.types('UCYD', '/dlq-tasks history payments-dlq');
  const lines = stage.told('UCYD').at(-1)?.split('\n') ?? [];
  expect(lines.filter((line) => line.startsWith('•'))).toEqual([
    expect.stringMatching(
      /✅ Completed .*1,204 .*requested by <@UANN>, approved by <@UBOB>: `The bug is fixed`/,
    ),
  ]);
});

test('a request that came to nothing is remembered, with its time in the midst of the line', async () => {
  await using stage = await anActionsStage();
  await stage.clicks('UBOB', 'Decline', await stage.requested());
  await stage.types('UANN', '/dlq-tasks history payments-dlq');
  expect(stage.told('UANN').at(-1)).toMatch(
    /declined .*<@UBOB>.*\^requested \{date_short_pretty\}.*by <@UANN>/,
  );
});
