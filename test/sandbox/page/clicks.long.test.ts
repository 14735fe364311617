import { expect, test } from 'vitest';
import { describeWithBrowser } from '../../support/browser.ts';
import { cardBlocks, everyBlock, message, pageState, tsBefore } from './page-fixture.ts';
import { usePage } from './page-in-browser.ts';

const ts = tsBefore(1);
const card = () => pageState({ messages: [message({ ts, blocks: cardBlocks })] });
const click = { do: 'click', person: 'U1', channel: 'C1', ts, blockId: 'card-actions' };

describeWithBrowser('a click on the page', () => {
  const { open, slack } = usePage();

  test('on a button reaches Slack with its block, action, and value, and shows that it is busy', async () => {
    const answered = Promise.withResolvers<void>();
    const page = await open(card());
    slack().answer({ ok: true }, answered.promise);
    const refresh = page.getByRole('button', { name: 'Refresh' });
    await refresh.click();
    await expect.poll(() => refresh.getAttribute('aria-busy')).toBe('true');
    answered.resolve();
    await expect.poll(() => refresh.getAttribute('aria-busy')).toBe('false');
    expect(slack().actions).toEqual([{ ...click, actionId: 'refresh', value: 'orders-dlq' }]);
  });

  test('on a button with a confirmation counts only if confirmed', async () => {
    const page = await open(card());
    const stop = page.getByRole('button', { name: 'Stop', exact: true });
    await stop.click();
    await page
      .getByRole('dialog', { name: 'Stop this redrive?' })
      .getByRole('button', { name: 'Keep it' })
      .click();
    await stop.click();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(slack().actions).toEqual([]);
    await stop.click();
    await page.getByRole('dialog').getByRole('button', { name: 'Stop it' }).click();
    await expect.poll(() => slack().actions).toEqual([{ ...click, actionId: 'cancel', value: 'orders-dlq' }]);
  });

  test('on a link button opens a tab and tells the bot', async () => {
    const page = await open(card());
    const tab = page.context().waitForEvent('page');
    await page.getByRole('button', { name: 'Open in console' }).click();
    await (await tab).close();
    await expect.poll(() => slack().actions).toEqual([{ ...click, actionId: 'console' }]);
  });

  test('on an option of a select reaches Slack', async () => {
    const page = await open(card());
    await page.getByRole('combobox', { name: 'Another queue' }).selectOption('invoices');
    await expect.poll(() => slack().actions).toEqual([{ ...click, actionId: 'pick', value: 'invoices' }]);
  });

  test('on a button inside a card block is traced to its element', async () => {
    const page = await open(pageState({ messages: [message({ ts, blocks: [everyBlock['card']?.block] })] }));
    await page.getByRole('button', { name: 'In the card' }).click();
    const expected = { ...click, blockId: 'card', actionId: 'in-card', value: 'In the card' };
    await expect.poll(() => slack().actions).toEqual([expected]);
  });

  test('that fails is reported by Slackbot, only to this person', async () => {
    const page = await open(card());
    slack().answer({ ok: false, error: 'The app did not answer: `operation_timeout`' });
    await page.getByRole('button', { name: 'Refresh' }).click();
    const notice = page.getByRole('article', { name: 'Message from Slackbot' });
    expect(await notice.textContent()).toContain('The app did not answer: operation_timeout');
    expect(await notice.textContent()).toContain('Only visible to you');
    await page.getByRole('button', { name: /You are: Ada/ }).click();
    await page.getByRole('menuitemradio', { name: 'Grace' }).click();
    await notice.waitFor({ state: 'detached' });
  });

  test('in the menu of a message runs a shortcut, shows its thread or deletes it', async () => {
    const page = await open(card());
    const pick = async (name: string | RegExp) => {
      await page.getByRole('article').first().hover();
      await page.getByRole('button', { name: 'More actions' }).first().click();
      await page.getByRole('menuitem', { name }).click();
    };
    await pick(/Check DLQ tasks/);
    await pick('Delete message');
    await pick('Reply in thread');
    await page.getByRole('complementary', { name: 'Thread' }).waitFor();
    await expect
      .poll(() => slack().actions)
      .toEqual([
        { do: 'shortcut', person: 'U1', channel: 'C1', ts, callbackId: 'check_dlq_tasks' },
        { do: 'delete', channel: 'C1', ts },
      ]);
  });

  test('on a fault, an invitation or the archive reaches the sandbox', async () => {
    const page = await open(card());
    await page.getByRole('switch', { name: 'AWS takes 10 seconds to answer' }).click();
    await page.getByRole('button', { name: /billing/ }).click();
    await page.getByRole('button', { name: 'Invite dlq-tasks' }).click();
    await page.getByRole('button', { name: 'dlq-tasks joined #billing' }).waitFor();
    await page.getByRole('button', { name: 'Channel actions' }).click();
    await page.getByRole('menuitem', { name: 'Archive #billing' }).click();
    await expect
      .poll(() => slack().actions)
      .toEqual([
        { do: 'set-fault', name: 'slow-aws', isOn: true },
        { do: 'set-bot-member', channel: 'C2', isMember: true },
        { do: 'set-archived', channel: 'C2', isArchived: true },
      ]);
  });
});
