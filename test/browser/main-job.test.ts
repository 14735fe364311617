import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startStage } from '../../src/entry/demo-stage.ts';
import { describeWithBrowser, openBrowser } from '../support/browser.ts';

type Stage = Awaited<ReturnType<typeof startStage>>;

const patienceMs = 15_000;

async function types(page: Page, text: string): Promise<void> {
  const composer = page.getByRole('textbox', { name: /^Message #/ });
  await composer.fill(text);
  await composer.press('Escape');
  await composer.press('Enter');
}

const fromBot = (page: Page) => page.getByRole('article', { name: 'Message from dlq-tasks' });

async function movedOn(page: Page): Promise<number> {
  const text = await fromBot(page).last().innerText();
  return Number(/([\d,]+) of 3,000 messages moved/.exec(text)?.[1]?.replace(',', ''));
}

async function becomes(page: Page, person: string): Promise<void> {
  await page.getByRole('button', { name: /You are: / }).click();
  await page.getByRole('menuitemradio', { name: person }).click();
}

/** The whole way of the product in a browser, once over signed HTTP and once over Socket Mode. */
describeWithBrowser('the main job in a browser', () => {
  describe.each([
    ['over signed HTTP', false],
    ['over Socket Mode', true],
  ])('%s', (_mode, socket) => {
    let stage: Stage;
    let browser: Browser;
    beforeAll(async () => {
      [stage, browser] = await Promise.all([startStage({ socket, port: 0 }), openBrowser()]);
    }, 60_000);
    afterEach(async () => {
      await Promise.all(browser.contexts().map((context) => context.close()));
    });
    afterAll(async () => {
      await browser?.close();
      await stage?.stop();
    }, 60_000);

    async function open(): Promise<Page> {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
      context.setDefaultTimeout(patienceMs);
      const page = await context.newPage();
      await page.goto(stage.url);
      await page.getByRole('main').waitFor();
      return page;
    }

    test('Ada types the command, reads the card, clicks Refresh and sees it move; Grace sees it too', async () => {
      const page = await open();
      await types(page, '/dlq-tasks orders-dlq');
      const card = fromBot(page).last();
      await card.getByRole('button', { name: 'Refresh' }).waitFor();
      expect(await card.innerText()).toMatch(
        /orders-dlq[\s\S]*prod · 111122223333 · eu-west-1[\s\S]*Running/,
      );
      const before = await movedOn(page);
      await expect
        .poll(
          async () => {
            await card.getByRole('button', { name: 'Refresh' }).click();
            return movedOn(page);
          },
          { timeout: patienceMs, interval: 1_000 },
        )
        .toBeGreaterThan(before);
      await becomes(page, 'Grace');
      await card.getByRole('button', { name: 'Refresh' }).click();
      expect(await card.innerText()).toMatch(/of 3,000 messages moved/);
    });

    test('a typo is answered in private, and one click mends it', async () => {
      const page = await open();
      await types(page, '/dlq-tasks paymnets-dlq');
      await page.getByText('Only visible to you').last().waitFor();
      await fromBot(page).last().getByRole('button', { name: 'payments-dlq' }).click();
      await page.getByText('240 of 240 messages moved').last().waitFor();
      expect(await page.getByText('Did you mean').count()).toBe(0);
    });

    test("Ada opens the app's Home, looks again, and follows the link of her watch to its channel", async () => {
      const page = await open();
      await types(page, '/dlq-tasks watch stock');
      await fromBot(page).last().getByText('Watched by').waitFor();
      await page.getByRole('region', { name: 'Apps' }).getByRole('button').click();
      const home = page.getByRole('main', { name: 'Home of dlq-tasks' });
      await home.getByText('You watch').waitFor();
      expect(await home.innerText()).toMatch(/\d running[\s\S]*stock[\s\S]*dlq-tasks \d+\.\d+\.\d+/);
      const seen = home.getByText(/^Seen /);
      const before = await seen.innerText();
      await expect
        .poll(
          async () => {
            await home.getByRole('button', { name: 'Refresh' }).click();
            return seen.innerText();
          },
          { timeout: patienceMs, interval: 1_000 },
        )
        .not.toBe(before);
      const [linked] = await Promise.all([
        page.context().waitForEvent('page'),
        home.getByRole('link', { name: 'card' }).last().click(),
      ]);
      await linked.getByRole('main', { name: 'Channel incidents' }).waitFor();
    });

    test('a person searches among many queues and picks one', async () => {
      const page = await open();
      await types(page, '/dlq-tasks nothing-like-it');
      await page.getByRole('combobox', { name: 'Search for a queue' }).last().fill('audit');
      await page.getByRole('option', { name: 'staging-audit-dlq · staging · eu-west-1' }).click();
      await fromBot(page).last().getByText('SQS lists no move task for this queue.').waitFor();
    });

    test('a failed redrive says why, and what to do', async () => {
      const page = await open();
      await types(page, '/dlq-tasks webhooks-dlq');
      await page.getByText('CouldNotDetermineMessageSource').last().waitFor();
      expect(await fromBot(page).last().innerText()).toContain(
        'Start the redrive again with a custom destination queue.',
      );
    });

    test('the last redrives come as a table', async () => {
      const page = await open();
      await types(page, '/dlq-tasks shipments-dlq 10');
      await expect
        .poll(() => page.getByRole('table').last().getByRole('row').count(), { timeout: patienceMs })
        .toBe(4);
    });

    test('a watched redrive that ends is told in the thread, though the bot was killed on the way', async () => {
      const page = await open();
      await stage.slack.perform({ do: 'set-fault', name: 'redrive-notifications-dlq', isOn: true });
      await expect
        .poll(
          async () => {
            await types(page, '/dlq-tasks notifications-dlq');
            await page.waitForTimeout(500);
            return fromBot(page).last().innerText();
          },
          { timeout: patienceMs, interval: 1_000 },
        )
        .toContain('Running');
      await fromBot(page).last().getByRole('button', { name: 'Watch' }).click();
      await fromBot(page).last().getByText('the thread will say how it ends').waitFor();
      await stage.slack.perform({ do: 'set-fault', name: 'bot-killed', isOn: true });
      await expect
        .poll(() => stage.slack.state().faults.find(({ name }) => name === 'bot-killed')?.isOn)
        .toBe(true);
      await stage.slack.perform({ do: 'set-fault', name: 'bot-killed', isOn: false });
      await page
        .getByRole('button', { name: /\d repl(y|ies)/ })
        .last()
        .click();
      const thread = page.getByRole('complementary', { name: 'Thread' });
      await thread
        .getByText(/The redrive of/)
        .first()
        .waitFor({ timeout: 90_000 });
      expect(await thread.innerText()).toMatch(/has completed\.[\s\S]*40 of 40 messages moved[\s\S]*@Ada/);
    }, 120_000);
  });
});
