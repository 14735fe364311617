import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ActionsStage, anActionsStage, form } from './an-actions-stage.ts';

let stage: ActionsStage;
afterEach(() => stage[Symbol.asyncDispose]());

type Args = Record<string, unknown>;
const post = 'chat.postMessage';

/** Slack refuses metadata, takes the message without it, and drops the connection. */
function takesItWithoutAnswer() {
  const when = ({ metadata }: Args) => metadata !== undefined;
  stage.slack.faults.add({ kind: 'error', error: 'metadata_too_large', method: post, when });
  stage.slack.faults.add({ kind: 'stored-then-reset', method: post, times: 1 });
}

const inTheChannel = () => stage.ours().filter(({ threadTs }) => threadTs === undefined);

async function requested() {
  await stage.types('UANN', '/dlq-tasks redrive payments-dlq');
  takesItWithoutAnswer();
  await stage.slack.as('UANN').submits(form);
  await expect.poll(() => inTheChannel().length).toBe(1);
  await stage.answered();
  const [request] = inTheChannel();
  if (!request) throw new Error('There is no request.');
  return request;
}

describe('a request that Slack took without metadata, and whose answer was lost, is posted once', () => {
  beforeEach(async () => {
    stage = await anActionsStage();
  });

  test('if no one has decided', async () => {
    const request = await requested();
    await stage.timePasses(20);
    await stage.clicks('UBOB', 'Approve', request);
    await stage.timePasses(5);
    expect(inTheChannel()).toHaveLength(1);
    expect(stage.shown(request)).toContain('Running');
  });

  test('if it is approved meanwhile', async () => {
    const request = await requested();
    await stage.clicks('UBOB', 'Approve', request);
    await stage.timePasses(20);
    expect(inTheChannel()).toHaveLength(1);
    expect(stage.shown(request)).toContain('Running');
    expect(stage.starts).toHaveLength(1);
  });

  test.each([
    ['UANN', 'Withdraw', '*Withdrawn*'],
    ['UBOB', 'Decline', '*Declined*'],
  ])('if %s clicks %s meanwhile', async (person, button, words) => {
    const request = await requested();
    await stage.clicks(person, button, request);
    await stage.timePasses(20);
    expect(inTheChannel()).toHaveLength(1);
    expect(stage.shown(request)).toContain(words);
  });

  test('if it expires meanwhile', async () => {
    const request = await requested();
    stage.leaps(31);
    await stage.timePasses(20);
    expect(inTheChannel()).toHaveLength(1);
    expect(stage.shown(request)).toContain('*Expired.*');
  });
});

test('a request that Slack took only as text without metadata is posted once, even if it expires meanwhile', async () => {
  stage = await anActionsStage();
  await stage.types('UANN', '/dlq-tasks redrive payments-dlq');
  const when = ({ blocks }: Args) => blocks !== undefined && blocks !== '[]';
  stage.slack.faults.add({ kind: 'error', error: 'invalid_blocks', method: post, when });
  takesItWithoutAnswer();
  await stage.slack.as('UANN').submits(form);
  await expect.poll(() => inTheChannel().length).toBe(1);
  await stage.answered();
  stage.leaps(31);
  await stage.timePasses(20);
  expect(inTheChannel()).toHaveLength(1);
  expect(inTheChannel()[0]?.text).toContain('*Expired.*');
});

test('a request without metadata that needs no approval is posted once, too', async () => {
  stage = await anActionsStage({ withoutApprovers: true });
  const request = await requested();
  await stage.timePasses(20);
  expect(inTheChannel()).toHaveLength(1);
  expect(stage.shown(request)).toContain('*No longer valid.*');
  expect(stage.starts).toEqual([]);
});
