import { afterEach, describe, expect, test } from 'vitest';
import { aQueue } from '../support/builders.ts';
import { type ActionsStage, anActionsStage, rules } from './an-actions-stage.ts';

let stage: ActionsStage;
afterEach(() => stage[Symbol.asyncDispose]());

const open = () => stage.openOf();

async function annsForm() {
  await stage.types('UANN', '/dlq-tasks redrive payments-dlq');
  return structuredClone(stage.slack.as('UANN').modal());
}

describe('a forged submission requests nothing and is answered', () => {
  test.each(['1e3', '10.5', '0', '-1', '', '51', '0x10', '١٠'])('with the rate %j', async (rate) => {
    stage = await anActionsStage();
    const view = await annsForm();
    const answer = await stage.submitsForged('UANN', { ...view }, { rate, reason: 'The bug is fixed' });
    expect(JSON.stringify(answer)).toContain('Enter a whole number from 1 to 50.');
    expect(await open()).toBeUndefined();
  });

  test.each(['', '  ', 'ab', '\u200B\u200B\u200B\u200B', '\u202E\u202E\u202E', 'x'.repeat(301)])(
    'with the reason %j',
    async (reason) => {
      stage = await anActionsStage();
      const answer = await stage.submitsForged('UANN', { ...(await annsForm()) }, { rate: '10', reason });
      expect(JSON.stringify(answer)).toContain('Give a reason of 3 to 300 characters.');
      expect(await open()).toBeUndefined();
    },
  );

  test('with a destination that is not listed', async () => {
    stage = await anActionsStage();
    const view = await annsForm();
    const values = {
      rate: { rate: { value: '10' } },
      reason: { reason: { value: 'The bug is fixed' } },
      destination: {
        destination: { selected_option: { value: 'arn:aws:sqs:eu-west-1:111122223333:evil' } },
      },
    };
    const answer = await stage.submitsForged('UANN', { ...view, state: { values } });
    expect(JSON.stringify(answer)).toContain('Choose one of the listed destinations.');
    expect(await open()).toBeUndefined();
  });

  test("by someone who is not a requester, with another person's form", async () => {
    stage = await anActionsStage();
    await stage.submitsForged('UBOB', { ...(await annsForm()) });
    expect(stage.told('UBOB').at(-1)).toContain("You can't do this for this queue.");
    expect(await open()).toBeUndefined();
  });

  test('that names a queue hidden from its channel', async () => {
    const hidden = aQueue({ name: 'secret-dlq', redrive: rules, channels: ['COPS'] });
    stage = await anActionsStage({ more: [hidden] });
    const view = await annsForm();
    const origin = { ...JSON.parse(String(view?.['private_metadata'])), q: hidden.arn };
    await stage.submitsForged('UANN', { ...view, private_metadata: JSON.stringify(origin) });
    expect(stage.told('UANN').at(-1)).toContain("The settings don't list such a queue for this channel.");
    expect(await stage.openOf(hidden.arn)).toBeUndefined();
  });

  test.each(['', '{}', 'not json', '{"q":1}', `{"q":"x","c":"C1","i":"../x"}`])(
    'with the metadata %j',
    async (metadata) => {
      stage = await anActionsStage();
      await stage.submitsForged('UANN', { ...(await annsForm()), private_metadata: metadata });
      expect(await open()).toBeUndefined();
      expect(stage.starts).toEqual([]);
    },
  );
});

test('two people submit for one queue at once: one request, shown to the other', async () => {
  stage = await anActionsStage();
  await stage.types('UANN', '/dlq-tasks redrive payments-dlq');
  await stage.types('UCYD', '/dlq-tasks redrive payments-dlq');
  await Promise.all([stage.submits('UANN'), stage.submits('UCYD')]);
  await stage.settle();
  expect(stage.ours().filter(({ text }) => text.includes('Waiting for approval'))).toHaveLength(1);
  expect([...stage.told('UANN'), ...stage.told('UCYD')].join('\n')).toContain('Already open');
});

test('two queues can have a request at once', async () => {
  const second = aQueue({ name: 'orders-dlq', redrive: rules });
  stage = await anActionsStage({ more: [second] });
  await stage.requested();
  await stage.types('UCYD', '/dlq-tasks redrive orders-dlq');
  await stage.submits('UCYD');
  expect(stage.ours().filter(({ text }) => text.includes('Waiting for approval'))).toHaveLength(2);
});
