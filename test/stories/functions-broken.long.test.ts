import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { aFunctionsStage, type FunctionsStage } from './a-functions-stage.ts';

let stage: FunctionsStage;
beforeEach(async () => {
  stage = await aFunctionsStage();
});
afterEach(() => stage[Symbol.asyncDispose]());

const words = expect.stringMatching(/Something went wrong.*E-\w+/s);
const tokenName = '/dlq-tasks/dev/slack-bot-token';

describe('a worker that cannot be the bot', () => {
  test('because Slack does not say who it is: a command, a mention, a form and a submission are answered', async () => {
    await stage.types('UCYD', '/dlq-tasks redrive payments-dlq');
    const view = structuredClone(stage.slack.as('UCYD').modal());
    await stage.deploys({});
    stage.slack.faults.add({ kind: 'error', method: 'auth.test', error: 'internal_error' });
    await stage.types('UANN', '/dlq-tasks payments-dlq');
    expect(stage.told('UANN')).toEqual([words]);
    await stage.types('UANN', '@dlq-tasks payments-dlq');
    await expect.poll(() => stage.told('UANN'), { timeout: 60_000 }).toEqual([words, words]);
    await stage.types('UANN', '/dlq-tasks redrive payments-dlq');
    expect(stage.formOf('UANN')).toMatch(/Something went wrong.*E-/);
    await stage.submitsForged('UCYD', { ...view });
    expect(stage.told('UCYD').at(-1)).toMatch(/Something went wrong.*reason `The bug is fixed`/s);
    stage.slack.faults.clear();
    expect(stage.shown(await stage.requested())).toContain('Waiting for approval');
  });

  test.each([
    ['a token that Slack refuses', 'xoxb-revoked', 'invalid_auth'],
    ['no token', undefined, 'The Parameter Store returned 400 ParameterNotFound'],
  ])('because of %s: a command is answered, and it is retried', async (_, token, logged) => {
    const { parameters } = stage.lambda;
    const good = parameters[tokenName] ?? '';
    if (token === undefined) delete parameters[tokenName];
    else parameters[tokenName] = token;
    await stage.types('UANN', '/dlq-tasks redrive payments-dlq');
    expect(stage.told('UANN')).toEqual([words]);
    expect(stage.lambda.logs.join('')).toContain(logged);
    parameters[tokenName] = good;
    await stage.timePasses(5 * 60);
    expect(stage.shown(await stage.requested())).toContain('Waiting for approval');
  });
});

describe('a table that is not there', () => {
  const missing = { __type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException' };
  const loses = (table: 'table' | 'actionTable') => {
    stage.lambda[table].call = () => ({ status: 400, body: missing });
  };

  test('of actions: cards are shown, and whoever wants to act is told that nothing was changed', async () => {
    const request = await stage.requested();
    loses('actionTable');
    await stage.types('UANN', '/dlq-tasks payments-dlq');
    expect(stage.ours().at(-1)?.text).toContain('payments-dlq');
    await stage.types('UANN', '/dlq-tasks redrive payments-dlq');
    expect(stage.formOf('UANN')).toContain('Nothing was changed');
    await stage.clicks('UBOB', 'Approve', request);
    expect(stage.told('UBOB').at(-1)).toContain('Nothing was changed');
    expect(stage.starts).toEqual([]);
  });

  test('of watches: a redrive is requested, approved and started all the same', async () => {
    loses('table');
    const request = await stage.requested();
    await stage.clicks('UBOB', 'Approve', request);
    await stage.timePasses(5);
    expect(stage.starts).toHaveLength(1);
  });
});

test('a submission that cannot be stored repeats what was typed, with a button that opens the form again', async () => {
  await stage.types('UANN', '/dlq-tasks redrive payments-dlq');
  stage.lambda.actionTable.faults.push(...Array.from({ length: 60 }, () => 'forbidden' as const));
  await stage.submits('UANN');
  expect(stage.told('UANN').at(-1)).toContain('reason `The bug is fixed`');
  stage.lambda.actionTable.faults.length = 0;
  const said = stage.slack.privateWords('UANN').at(-1);
  if (said) await stage.clicks('UANN', 'Open the form again…', said);
  expect(stage.formOf('UANN')).toContain('"initial_value":"The bug is fixed"');
});

test('what is wrong with a submission is said in private, with what was typed', async () => {
  await stage.types('UANN', '/dlq-tasks redrive payments-dlq');
  const forged = { 'Messages per second': '500', Reason: 'The bug is fixed' };
  await stage.submits('UANN', forged, { unchecked: true });
  expect(stage.told('UANN').at(-1)).toMatch(/Enter a whole number from 1 to 50\..*`The bug is fixed`/s);
  expect(await stage.openOf()).toBeUndefined();
});
