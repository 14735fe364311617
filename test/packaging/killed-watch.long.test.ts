import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Packaged, packageInAClone } from './package-in-a-clone.ts';
import { endsIn, type PackagedStage, settings, startPackagedStage } from './packaged-stage.ts';

const slowly = { timeout: 60_000, interval: 20 };
const endText = (args: Record<string, unknown>) => String(args['text']).includes('completed');

let packaged: Packaged;
let stage: PackagedStage;
beforeAll(async () => {
  packaged = await packageInAClone(settings);
}, 120_000);
afterAll(() => packaged?.[Symbol.asyncDispose]());
beforeEach(async () => {
  stage = await startPackagedStage(packaged);
});
afterEach(() => stage[Symbol.asyncDispose]());

/** The watch is over, and this is what the thread says. */
async function wordsAtTheEnd(thread: () => { text: string }[]) {
  await expect.poll(() => endsIn(thread()).length, slowly).toBeGreaterThan(0);
  await expect.poll(stage.isWatching, slowly).toBe(false);
  return {
    joins: thread().filter(({ text }) => text.includes('<@UANN>')).length,
    ends: endsIn(thread()).length,
  };
}
const oneOfEach = { joins: 2, ends: 1 };

describe('a packaged watch that is killed', () => {
  test('in the middle of several polls still reports the end once', async () => {
    const { aws, lambda } = stage;
    const { thread } = await stage.annWatches();
    await expect.poll(() => thread().length, slowly).toBe(1);
    aws.faults.add({ action: 'ListMessageMoveTasks', kind: 'slow', ms: 300 });
    for (let kills = 0; kills < 5; kills += 1) {
      const polls = aws.requests.length;
      await expect.poll(() => aws.requests.length, slowly).toBeGreaterThan(polls);
      expect(lambda.kill('watch')).toBeGreaterThan(0);
    }
    stage.ends();
    expect(await wordsAtTheEnd(thread)).toEqual(oneOfEach);
  });

  test('after Slack accepted the post, but before it could record that, posts no second one', async () => {
    const { slack, lambda } = stage;
    const { thread } = await stage.annWatches();
    await expect.poll(() => thread().length, slowly).toBe(1);
    slack.faults.add({
      method: 'chat.postMessage',
      kind: 'stored-then-slow',
      ms: 5_000,
      times: 1,
      when: endText,
    });
    stage.ends();
    await expect.poll(() => endsIn(thread()).length, slowly).toBe(1);
    expect(lambda.kill('watch')).toBe(1);
    expect(await wordsAtTheEnd(thread)).toEqual(oneOfEach);
    expect(slack.callsOf('conversations.replies').length).toBeGreaterThan(0);
  });

  test('before Slack accepted the post delivers it afterward', async () => {
    const { slack, lambda } = stage;
    const { thread } = await stage.annWatches();
    await expect.poll(() => thread().length, slowly).toBe(1);
    slack.faults.add({ method: 'chat.postMessage', kind: 'reset', times: 1, when: endText });
    stage.ends();
    const isTried = () => slack.callsOf('chat.postMessage').some(({ args }) => endText(args));
    await expect.poll(isTried, slowly).toBe(true);
    lambda.kill('watch');
    expect(await wordsAtTheEnd(thread)).toEqual(oneOfEach);
  });

  test.each([1, 2, 3])('at any moment, again and again, reports the end once (%i)', async (seed) => {
    const { lambda } = stage;
    const { thread } = await stage.annWatches();
    const until = Date.now() + 12_000;
    const moments = [130, 410, 270, 620, 190, 350, 510];
    for (let kills = 0; Date.now() < until; kills += 1) {
      await pause((moments[(kills * seed) % moments.length] ?? 0) + seed * 17);
      lambda.kill('watch');
      if (kills === 10) stage.ends();
    }
    stage.ends();
    expect(await wordsAtTheEnd(thread)).toEqual(oneOfEach);
  });
});

describe('a packaged watch', () => {
  test('survives throttling by SQS and the table, and writes whose answer is lost', async () => {
    const { aws, lambda } = stage;
    const { thread } = await stage.annWatches();
    const mend = aws.faults.add({ service: 'SQS', kind: 'throttle' });
    lambda.table.faults.push(
      'throttled',
      'written but the line broke',
      'throttled',
      'written but the line broke',
    );
    await pause(4_000);
    lambda.table.faults.push('written but the line broke', 'throttled', 'throttled');
    stage.ends();
    mend();
    expect(await wordsAtTheEnd(thread)).toEqual(oneOfEach);
  });

  test('starts once after a double click and Lambda’s own repetition', async () => {
    const { slack, lambda } = stage;
    stage.redrive({});
    await stage.annTypes('/dlq-tasks orders-dlq');
    const [card] = stage.cards();
    const click = () => slack.as('UANN').clicks(card ?? { channel: '', ts: '' }, 'Watch');
    await Promise.all([click(), click()]);
    await lambda.settled();
    const names = () => new Set(lambda.invoked.flatMap(({ durableName }) => durableName ?? []));
    const cardRows = [...lambda.table.items.keys()].filter((key) => key.startsWith('CGENERAL:'));
    expect([names().size, cardRows.length]).toEqual([1, 1]);
    const [name = ''] = names();
    const { payload } = lambda.invoked.find(({ durableName }) => durableName === name) ?? {};
    expect(lambda.durable.start(name, JSON.stringify(payload))).toBe('there already');
    expect(lambda.durable.start(name, '{}')).toBe('refused');
    stage.ends();
    expect(await wordsAtTheEnd(() => slack.thread('CGENERAL', card?.ts ?? '').slice(1))).toEqual(oneOfEach);
  });
});
