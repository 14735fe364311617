import { afterEach, describe, expect, test } from 'vitest';
import { aTask } from '../support/builders.ts';
import { type ActionsStage, anActionsStage, buttonsOf, form } from './an-actions-stage.ts';

let stage: ActionsStage;
afterEach(() => stage[Symbol.asyncDispose]());

const holds = (waiting: number) => stage.aws.holds({ ok: true, value: { waiting, inFlight: 0, delayed: 0 } });
const opens = (person: string) => stage.types(person, '/dlq-tasks redrive payments-dlq');
const clicksFirst = async (person: string, words: string) => {
  const [request] = stage.ours();
  if (request) await stage.clicks(person, words, request);
};

test.each([
  ['a rate above the highest', 'Messages per second', '51', 'at most 50'],
  ['half a message per second', 'Messages per second', '2.5', 'whole number'],
  ['a reason that is too short', 'Reason', 'no', 'at least 3'],
  ['a reason that is too long', 'Reason', 'x'.repeat(301), 'no more than 300'],
])('Slack itself refuses %s', async (_, field, typed, words) => {
  stage = await anActionsStage();
  await opens('UANN');
  expect(JSON.stringify(await stage.submits('UANN', { ...form, [field]: typed }))).toContain(words);
  expect(stage.ours()).toEqual([]);
});

test.each([
  [1_296_000, false],
  [1_296_001, true],
])(
  '%i messages at ten a second: whether SQS would end it before they are moved is said: %s',
  async (n, isSaid) => {
    stage = await anActionsStage();
    holds(n);
    await opens('UANN');
    expect(stage.formOf('UANN').includes('36-hour limit')).toBe(isSaid);
    await stage.submits('UANN');
    expect(stage.ours()[0]?.text.includes('36-hour limit')).toBe(isSaid);
  },
);

test('the form says how long it takes at the rate that was typed', async () => {
  stage = await anActionsStage();
  holds(1_296_000);
  await stage.types('UANN', '/dlq-tasks redrive payments-dlq 1');
  expect(stage.formOf('UANN')).toMatch(/1 to 50\. 1 per second: about 15 d; 50 per second: about 7 h/);
  expect(stage.formOf('UANN')).toContain("At 1 per second it won't finish within SQS's 36-hour limit.");
});

describe('a form that was left open for an hour', () => {
  test('requests what it says, with current numbers', async () => {
    stage = await anActionsStage();
    await opens('UANN');
    stage.leaps(60);
    holds(7);
    await stage.submits('UANN');
    expect(stage.ours()[0]?.text).toMatch(/Waiting for approval[\s\S]*Messages: about 7,/);
    await clicksFirst('UBOB', 'Approve');
    expect(stage.starts).toHaveLength(1);
  });

  test('starts nothing next to a redrive that started meanwhile, and repeats what was typed', async () => {
    stage = await anActionsStage();
    await opens('UANN');
    stage.leaps(60);
    stage.lists(aTask({ startedAt: stage.backing.clock - 60_000 }));
    await stage.submits('UANN');
    expect(stage.ours()).toEqual([]);
    expect(stage.told('UANN').at(-1)).toMatch(
      /Nothing was requested\.\n✗ A redrive is active\n.*`The bug is fixed`/s,
    );
  });
});

describe('of two people with forms of one queue', () => {
  test('the second is shown the first request, and may ask again once it is decided', async () => {
    stage = await anActionsStage();
    await opens('UANN');
    await opens('UCYD');
    await stage.submits('UANN');
    await stage.submits('UCYD', { ...form, Reason: 'Me, too' });
    expect(stage.ours()).toHaveLength(1);
    expect(stage.told('UCYD').at(-1)).toMatch(/Already open: Redrive requested by <@UANN>.*`Me, too`/s);
    await clicksFirst('UBOB', 'Decline');
    await opens('UCYD');
    await stage.submits('UCYD', { ...form, Reason: 'Me, too' });
    expect(stage.ours().at(-1)?.text).toMatch(/Reason: `Me, too`\nRequested by: <@UCYD>/);
  });
});

test('a form of an older version, whose metadata has no id, still makes a request', async () => {
  stage = await anActionsStage();
  await opens('UANN');
  const view = structuredClone(stage.slack.as('UANN').modal());
  const { q, c } = JSON.parse(String(view?.['private_metadata']));
  await stage.submitsForged('UANN', { ...view, private_metadata: JSON.stringify({ q, c, later: 'field' }) });
  expect(stage.ours()[0]?.text).toContain('Waiting for approval.');
});

describe.each([
  ['emoji', '🙈'],
  ['names of emoji', ':woman_in_motorized_wheelchair::skin-tone-4:'],
  ['emoji of several parts', '👩‍💻'],
])('300 %s as a reason', (_, emoji) => {
  const reason = emoji.repeat(300);

  test('are requested, approved, and on the card', async () => {
    stage = await anActionsStage();
    await opens('UANN');
    await stage.submits('UANN', { ...form, Reason: reason }, { unchecked: true });
    expect(stage.ours()[0]?.text).toContain(`Reason: \`${emoji}`);
    await clicksFirst('UBOB', 'Approve');
    await stage.timePasses(5);
    expect(stage.ours()[0]?.text).toMatch(/Running/);
    expect((await stage.newest())?.reason).toBe(reason);
  });

  test("can be decided though Slack doesn't accept as many in blocks", async () => {
    stage = await anActionsStage();
    await opens('UANN');
    const tooLong = ({ blocks }: Record<string, unknown>) => JSON.stringify(blocks).split(emoji).length > 120;
    const refused = { kind: 'error', error: 'invalid_blocks', when: tooLong } as const;
    stage.slack.faults.add({ ...refused, method: 'chat.postMessage' });
    await stage.submits('UANN', { ...form, Reason: reason }, { unchecked: true });
    expect(buttonsOf(stage.ours()[0])).toEqual(['approve-redrive', 'decline-redrive', 'withdraw-redrive']);
  });
});
