import { expect, test } from 'vitest';
import { describeWithBrowser } from '../../support/browser.ts';
import { cardBlocks, message, pageState, tsBefore } from './page-fixture.ts';
import { usePage } from './page-in-browser.ts';

describeWithBrowser('a person at the keyboard', () => {
  const { open, slack } = usePage();

  test('completes the command and a queue, and sends it', async () => {
    const page = await open(pageState());
    const composer = page.getByRole('textbox', { name: 'Message #orders-oncall' });
    await page.keyboard.type('/dl');
    await page.getByRole('option', { name: /dlq-tasks/ }).waitFor();
    await page.keyboard.press('Enter');
    expect(await composer.inputValue()).toBe('/dlq-tasks ');
    await page.keyboard.type('ref');
    await page.keyboard.press('Tab');
    expect(await composer.inputValue()).toBe('/dlq-tasks refunds-dlq ');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    const sent = { do: 'send', person: 'U1', channel: 'C1', text: '/dlq-tasks refunds-dlq' };
    await expect.poll(() => slack().actions).toEqual([sent]);
    await page.keyboard.press('ArrowUp');
    expect(await composer.inputValue()).toBe('/dlq-tasks refunds-dlq ');
  });

  test('chooses with the arrows, and Enter sends an unselected word as typed', async () => {
    const page = await open(pageState());
    const composer = page.getByRole('textbox');
    await page.keyboard.type('/dlq-tasks o');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await composer.inputValue()).toBe('/dlq-tasks invoices ');
    await composer.fill('/dlq-tasks order');
    await page.keyboard.press('Enter');
    await expect
      .poll(() => slack().actions.map((action) => 'text' in action && action.text))
      .toEqual(['/dlq-tasks order']);
  });

  test('is refused a command in a thread, and Escape closes the thread', async () => {
    const parent = tsBefore(9);
    const replies = { count: 1, latestTs: tsBefore(1) };
    const reply = message({ ts: replies.latestTs, threadTs: parent, author: 'U2', text: 'Thanks' });
    const page = await open(
      pageState({ messages: [message({ ts: parent, blocks: cardBlocks, replies }), reply] }),
    );
    const link = page.getByRole('button', { name: /1 reply/ });
    await link.focus();
    await page.keyboard.press('Enter');
    const thread = page.getByRole('complementary', { name: 'Thread' });
    await thread.getByRole('textbox').waitFor();
    slack().answer({ ok: false, error: '/dlq-tasks is not supported in threads. Sorry!' });
    await page.keyboard.type('/dlq-tasks orders-dlq');
    await page.keyboard.press('Enter');
    await thread.getByText('is not supported in threads').waitFor();
    slack().answer({ ok: true });
    await page.keyboard.type('fine then');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await thread.waitFor({ state: 'detached' });
    const sent = { do: 'send', person: 'U1', channel: 'C1', threadTs: parent };
    const texts = ['/dlq-tasks orders-dlq', 'fine then'];
    expect(slack().actions).toEqual(texts.map((text) => ({ ...sent, text })));
  });

  test('is told about a new message, and sees which channel has one', async () => {
    const page = await open(pageState());
    await page.getByRole('region', { name: 'What to try' }).waitFor();
    const now = tsBefore(-0.1);
    slack().show(
      pageState({
        messages: [
          message({ ts: now, text: 'It ended' }),
          message({ ts: now, channel: 'C2', text: 'Here too' }),
        ],
      }),
    );
    await page.getByRole('status').filter({ hasText: 'dlq-tasks: It ended' }).waitFor({ state: 'attached' });
    await page.getByRole('button', { name: /billing.*unread/ }).click();
    await page.getByRole('article').getByText('Here too').waitFor();
    expect(await page.getByRole('button', { name: /unread/ }).count()).toBe(0);
  });

  test('is taken to the answer after scrolling up and sending something', async () => {
    const old = Array.from({ length: 60 }, (_, i) => message({ ts: tsBefore(100 - i), author: 'U2' }));
    const page = await open(pageState({ messages: old }));
    await page.getByRole('heading', { name: 'This is #orders-oncall' }).scrollIntoViewIfNeeded();
    await page.keyboard.type('How is it?');
    await page.keyboard.press('Enter');
    slack().show(pageState({ messages: [...old, message({ ts: tsBefore(-0.1), text: 'It ended' })] }));
    const answer = page.getByRole('article').getByText('It ended');
    await expect.poll(async () => (await answer.boundingBox())?.y ?? 9_999).toBeLessThan(800);
    expect(await page.getByRole('button', { name: 'New messages' }).count()).toBe(0);
  });

  test('is told when the sandbox is gone, and resumes when it is back', async () => {
    const page = await open(pageState());
    slack().setReachable(false);
    await page.getByRole('alert').filter({ hasText: 'Reconnecting' }).waitFor();
    slack().setReachable(true);
    slack().show(pageState({ messages: [message({ ts: tsBefore(1), text: 'Back again' })] }));
    await page.getByRole('article').getByText('Back again').waitFor();
    await page.getByRole('alert').waitFor({ state: 'detached' });
  });
});
