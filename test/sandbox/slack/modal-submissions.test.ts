import type { BlockAction } from '@slack/bolt';
import { describe, expect, test } from 'vitest';
import { words } from './form-parts.ts';
import { botOfEachTest, changed, form, option } from './modal-bot.ts';
import { outcome } from './web-client.ts';

const bot = botOfEachTest();

describe('a submission', () => {
  const filled = { Reason: 'The bug is fixed', 'Messages per second': '50', When: 'later', Also: ['x', 'z'] };

  test('carries every value, chosen or initial, with the metadata and a new trigger', async () => {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    bot.app.view('redrive', async ({ ack, body, view }) => {
      await ack();
      resolve({
        user: body.user.id,
        values: view.state.values,
        queue: view.private_metadata,
        trigger: await outcome(bot.open(String(Reflect.get(body, 'trigger_id')))),
      });
    });
    await bot.opened();
    expect(await bot.slack.as('UANN').submits(filled)).toEqual({ ok: true });
    expect(await promise).toEqual({
      user: 'UANN',
      queue: '{"queue":"orders-dlq"}',
      trigger: 'ok',
      values: {
        rate: { rate: { type: 'number_input', value: '50' } },
        to: { to: { type: 'static_select', selected_option: option('a') } },
        why: { why: { type: 'plain_text_input', value: 'The bug is fixed' } },
        when: { when: { type: 'radio_buttons', selected_option: option('later') } },
        also: { also: { type: 'checkboxes', selected_options: [option('x'), option('z')] } },
      },
    });
  });

  test('closes the form, and can be answered with errors beside the fields first', async () => {
    let times = 0;
    bot.app.view('redrive', async ({ ack }) => {
      times += 1;
      await (times === 1 ? ack({ response_action: 'errors', errors: { why: 'Say more.' } }) : ack());
    });
    await bot.opened();
    expect(await bot.slack.as('UANN').submits(filled)).toMatchObject({
      ok: false,
      errors: { why: 'Say more.' },
    });
    expect(bot.slack.as('UANN').modal()).toBeDefined();
    expect(await bot.slack.as('UANN').submits(filled)).toEqual({ ok: true });
    expect(bot.slack.as('UANN').modal()).toBeUndefined();
  });

  test('can be answered with another form, or by closing all forms', async () => {
    bot.app.view('redrive', async ({ ack }) =>
      ack({ response_action: 'update', view: changed({ callback_id: 'sure' }) }),
    );
    bot.app.view('sure', async ({ ack }) => ack({ response_action: 'clear' }));
    await bot.opened();
    await bot.slack.as('UANN').submits(filled);
    expect(bot.slack.as('UANN').modal()?.callback_id).toBe('sure');
    await bot.slack.as('UANN').submits(filled);
    expect(bot.slack.as('UANN').modal()).toBeUndefined();
  });

  test.each([
    [{ Reason: null }, { why: 'Please complete this required field.' }],
    [{ Reason: 'no' }, { why: 'Please enter at least 3 characters.' }],
    [{ Reason: 'x'.repeat(301) }, { why: 'Please enter no more than 300 characters.' }],
    [{ 'Messages per second': '51' }, { rate: 'Please enter a number of at most 50.' }],
    [{ 'Messages per second': '0' }, { rate: 'Please enter a number of at least 1.' }],
    [{ 'Messages per second': '1.5' }, { rate: 'Please enter a whole number.' }],
    [{ 'Messages per second': 'ten' }, { rate: 'Please enter a valid number.' }],
  ])('of %j is stopped by Slack itself, unless it is forged', async (fields, errors) => {
    bot.app.view('redrive', async ({ ack }) => ack());
    await bot.opened();
    expect(await bot.slack.as('UANN').submits({ ...filled, ...fields })).toMatchObject({ ok: false, errors });
    expect(bot.slack.deliveries.map(({ kind }) => kind)).toEqual(['command']);
    expect(await bot.slack.as('UANN').submits({ ...filled, ...fields }, { unchecked: true })).toEqual({
      ok: true,
    });
  });

  test.each([
    ['nothing', undefined, 'operation_timeout'],
    ['errors of no field', { response_action: 'errors', errors: { nothing: 'x' } }, 'invalid_errors'],
    [
      'a form that Slack does not take',
      { response_action: 'update', view: { type: 'modal' } },
      'invalid_arguments',
    ],
  ])('that is answered with %s leaves the form open', async (_what, answer, why) => {
    bot.app.view('redrive', async ({ ack }) => {
      if (answer) await ack(answer as never);
    });
    await bot.opened();
    expect(await bot.slack.as('UANN').submits(filled)).toEqual({
      ok: false,
      error: `We had some trouble connecting. Try again? (${why})`,
    });
    expect(bot.slack.as('UANN').modal()).toBeDefined();
  });

  test('of a form that is closed, replaced, or someone else’s is ignored', async () => {
    const { id } = await bot.opened();
    const submit = (person: string) =>
      bot.slack.perform({ do: 'submit-modal', person, viewId: id, values: {}, unchecked: true });
    expect(await submit('UBOB')).toEqual({ ok: false, error: 'This form is closed.' });
    await bot.open(await bot.trigger());
    expect(await submit('UANN')).toEqual({ ok: false, error: 'This form is closed.' });
    await bot.slack.as('UANN').closesModal();
    expect(await submit('UANN')).toEqual({ ok: false, error: 'This form is closed.' });
  });
});

describe('within a form', () => {
  test('reports closing if the app wants to know', async () => {
    const closed: unknown[] = [];
    bot.app.view({ callback_id: 'redrive', type: 'view_closed' }, async ({ ack, body }) => {
      closed.push([body.user.id, body.view.callback_id, Reflect.get(body, 'trigger_id')]);
      await ack();
    });
    await bot.open(await bot.trigger());
    await bot.slack.as('UANN').closesModal();
    await bot.open(await bot.trigger(), changed({ notify_on_close: true }));
    await bot.slack.as('UANN').closesModal();
    await expect.poll(() => closed).toEqual([['UANN', 'redrive', undefined]]);
    expect(bot.slack.deliveries.filter(({ kind }) => kind === 'closing')).toHaveLength(1);
  });

  test('an immediate choice carries what is filled in so far', async () => {
    const { promise, resolve } = Promise.withResolvers<BlockAction>();
    bot.app.action<BlockAction>('to', async ({ ack, body }) => {
      await ack();
      resolve(body);
    });
    const blocks = form.blocks.map((block) =>
      block.block_id === 'to' ? { ...block, dispatch_action: true } : block,
    );
    await bot.opened(changed({ blocks }));
    expect(
      await bot.slack.as('UANN').clicksInModal('Destination', { Destination: 'b', Reason: 'fixed' }),
    ).toEqual({
      ok: true,
    });
    const { actions, view, container, channel, message, response_url } = await promise;
    expect(actions).toMatchObject([{ type: 'static_select', selected_option: option('b') }]);
    expect([container, channel, message, response_url]).toEqual([
      { type: 'view', view_id: view?.id },
      undefined,
      undefined,
      undefined,
    ]);
    expect(view?.state.values['why']).toEqual({ why: { type: 'plain_text_input', value: 'fixed' } });
  });

  test('a search is answered by the app, and the option it brought is submitted whole', async () => {
    const found = { text: words('Orders, by hand'), value: 'orders-by-hand' };
    bot.app.options('to', async ({ ack, payload }) =>
      ack({ options: payload.value === 'ord' ? [found] : [] }),
    );
    const { promise, resolve } = Promise.withResolvers<unknown>();
    bot.app.view('redrive', async ({ ack, view }) => {
      await ack();
      resolve(view.state.values['to']?.['to']?.selected_option);
    });
    const element = { type: 'external_select', action_id: 'to', min_query_length: 2 };
    await bot.opened(changed({ blocks: [{ type: 'input', block_id: 'to', label: words('To'), element }] }));
    expect(await bot.slack.as('UANN').searchesInModal('To', 'ord')).toEqual({
      ok: true,
      options: [{ text: 'Orders, by hand', value: 'orders-by-hand' }],
    });
    await bot.slack.as('UANN').submits({ To: 'orders-by-hand' });
    expect(await promise).toEqual(found);
  });
});
