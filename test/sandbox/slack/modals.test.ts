import type { ModalView } from '@slack/types';
import { describe, expect, test } from 'vitest';
import { words } from './form-parts.ts';
import { botOfEachTest, changed } from './modal-bot.ts';
import { outcome } from './web-client.ts';

const bot = botOfEachTest();

describe('a trigger opens a modal', () => {
  test('only for the person who acted', async () => {
    await bot.opened();
    expect([bot.slack.as('UANN').modal(), bot.slack.as('UBOB').modal()]).toEqual([
      expect.objectContaining({ callback_id: 'redrive', private_metadata: '{"queue":"orders-dlq"}' }),
      undefined,
    ]);
    expect(Object.keys(bot.slack.state().modals ?? {})).toEqual(['UANN']);
    expect(JSON.stringify(bot.slack.state().modals)).not.toContain('private_metadata');
  });

  test('once, within three seconds, and only if Slack gave it', async () => {
    const [used, late, inTime] = [await bot.trigger(), await bot.trigger(), await bot.trigger('UBOB')];
    await bot.open(used);
    bot.now += 3_000;
    expect([
      await outcome(bot.open(used)),
      await outcome(bot.open(inTime)),
      await outcome(bot.open('1.2.3')),
    ]).toEqual(['exchanged_trigger_id', 'ok', 'invalid_trigger_id']);
    bot.now += 1;
    expect(await outcome(bot.open(late))).toBe('expired_trigger_id');
  });

  test("in place of the person's open one", async () => {
    await bot.open(await bot.trigger());
    await bot.open(await bot.trigger(), changed({ callback_id: 'second' }));
    await bot.open(await bot.trigger('UBOB'), changed({ callback_id: 'third' }));
    expect([bot.slack.as('UANN').modal()?.callback_id, bot.slack.as('UBOB').modal()?.callback_id]).toEqual([
      'second',
      'third',
    ]);
  });

  test.each([
    ['a title of 25 characters', { title: words('x'.repeat(25)) }, '/view/title/text'],
    ['no submit beside inputs', { submit: undefined }, '/view/blocks/0/input'],
    ['a submit of 25 characters', { submit: words('x'.repeat(25)) }, '/view/submit/text'],
    ['3,001 characters of metadata', { private_metadata: 'x'.repeat(3_001) }, '/view/private_metadata'],
    ['101 blocks', { blocks: Array.from({ length: 101 }, () => ({ type: 'divider' })) }, '/view/blocks'],
    [
      'a table',
      { blocks: [{ type: 'table', rows: [[{ type: 'raw_text', text: 'x' }]] }] },
      '/view/blocks/0/type',
    ],
    ['an input without an element', { blocks: [{ type: 'input', label: words('x') }] }, '/view/blocks/0'],
    [
      'two blocks of one name',
      { blocks: [0, 1].map(() => ({ type: 'divider', block_id: 'd' })) },
      '/view/blocks/1',
    ],
    ['what Slack does not know', { color: 'red' }, '/view'],
  ])('unless it has %s', async (_what, change, at) => {
    const refused = bot.open(await bot.trigger(), changed(change));
    await expect(refused).rejects.toMatchObject({
      data: {
        error: 'invalid_arguments',
        response_metadata: { messages: [expect.stringContaining(`[json-pointer:${at}`)] },
      },
    });
    expect(bot.slack.as('UANN').modal()).toBeUndefined();
  });

  test('and keeps the trigger if the form is refused', async () => {
    const id = await bot.trigger();
    expect(await outcome(bot.open(id, changed({ submit: undefined })))).toBe('invalid_arguments');
    expect(await outcome(bot.open(id))).toBe('ok');
  });
});

describe('an update', () => {
  const update = (args: object, view: ModalView = changed({ callback_id: 'new' })) =>
    bot.client().views.update({ view_id: '', view, ...args });

  test('replaces what is shown, by ID or external ID', async () => {
    const { id } = await bot.opened(changed({ external_id: 'mine' }));
    await update({ view_id: id });
    await update({ external_id: 'mine' }).catch(() => undefined);
    expect(bot.slack.as('UANN').modal()?.callback_id).toBe('new');
    await update({ view_id: id }, changed({ external_id: 'mine' }));
    const { view } = await update(
      { external_id: 'mine' },
      changed({ callback_id: 'newer', external_id: 'mine' }),
    );
    expect([view?.id, bot.slack.as('UANN').modal()?.callback_id]).toEqual([id, 'newer']);
  });

  test('is refused if another one came first, or the form is closed', async () => {
    const { id, hash } = await bot.opened();
    const { view } = await update({ view_id: id, hash });
    expect(await outcome(update({ view_id: id, hash }))).toBe('hash_conflict');
    expect(await outcome(update({ view_id: id, hash: view?.hash }))).toBe('ok');
    await bot.slack.as('UANN').closesModal();
    expect(await outcome(update({ view_id: id }))).toBe('not_found');
  });

  test('cannot use the external ID of another form', async () => {
    await bot.open(await bot.trigger(), changed({ external_id: 'mine' }));
    expect(await outcome(bot.open(await bot.trigger('UBOB'), changed({ external_id: 'mine' })))).toBe(
      'duplicate_external_id',
    );
  });
});
