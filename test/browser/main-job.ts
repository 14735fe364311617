import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
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

const fromBot = (place: Page | Locator) => place.getByRole('article', { name: 'Message from dlq-tasks' });

async function movedOn(page: Page): Promise<number> {
  const text = await fromBot(page).last().innerText();
  return Number(/([\d,]+) of 3,000 messages moved/.exec(text)?.[1]?.replace(',', ''));
}

/** Posts a message in the channel and returns its element. */
async function says(page: Page, text: string) {
  await types(page, text);
  const said = page.getByRole('article', { name: 'Message from Ada' }).filter({ hasText: text }).last();
  await said.hover();
  return said;
}

async function becomes(page: Page, person: string): Promise<void> {
  await page.getByRole('button', { name: /You are: / }).click();
  await page.getByRole('menuitemradio', { name: person }).click();
}

/** The main story of the product in a browser; each mode is in its own file, so that they run in parallel. */
export function describeMainJob(name: string, { socket }: { socket: boolean }): void {
  describeWithBrowser(name, () => {
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
      await expect.poll(() => page.getByText('Did you mean').count()).toBe(0);
    });

    test("Ada opens the app's Home, refreshes it, and follows her watch's link to its channel", async () => {
      const page = await open();
      await types(page, '/dlq-tasks watch stock');
      await fromBot(page).last().getByText('Watched by').waitFor();
      await page.getByRole('region', { name: 'Apps' }).getByRole('button').click();
      const home = page.getByRole('main', { name: 'Home of dlq-tasks' });
      await home.getByText("You're watching").waitFor();
      expect(await home.innerText()).toMatch(/\d running[\s\S]*stock[\s\S]*dlq-tasks \d+\.\d+\.\d+/);
      const seen = home.getByText(/^Updated /);
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
      await fromBot(page).last().getByText('SQS lists no redrives for this queue.').waitFor();
    });

    test('the overview names every queue, and a click shows the card of one with messages waiting', async () => {
      const page = await open();
      await types(page, '/dlq-tasks');
      const overview = fromBot(page).filter({ hasText: '30 queues' }).last();
      await overview.getByText(/Empty in staging: .*staging-audit-dlq.*staging-webhooks-dlq/).waitFor();
      await overview.getByRole('button', { name: 'Show the card of emails-dlq' }).click();
      await fromBot(page).last().getByRole('heading', { name: 'emails-dlq' }).waitFor();
    });

    test('a mention in a thread is answered there, and its card can be watched', async () => {
      const page = await open();
      const said = await says(page, 'Stock is late, who looks into it?');
      await said.getByRole('button', { name: 'Reply in thread' }).click();
      const thread = page.getByRole('complementary', { name: 'Thread' });
      await thread.getByRole('textbox').fill('@dlq-tasks stock');
      await thread.getByRole('textbox').press('Enter');
      await thread.getByRole('button', { name: 'Watch' }).click();
      await fromBot(thread).getByText('@Ada is watching this redrive.').waitFor();
    });

    test('the shortcut finds the queue in an alarm and answers in its thread', async () => {
      const page = await open();
      const alarm = await says(page, 'ALARM: "refunds-dlq-not-empty" in EU (Ireland)');
      await alarm.getByRole('button', { name: 'More actions' }).click();
      await page.getByRole('menuitem', { name: 'Check DLQ tasks' }).click();
      await alarm.getByRole('button', { name: /1 reply/ }).click();
      const thread = page.getByRole('complementary', { name: 'Thread' });
      await fromBot(thread).getByRole('heading', { name: 'refunds-dlq' }).waitFor();
    });

    test('announces a redrive that starts in the console where its queue is followed', async () => {
      const page = await open();
      await page.getByRole('switch', { name: /reports-dlq/ }).click();
      await page.getByRole('button', { name: 'queues', exact: true }).click();
      const card = fromBot(page).filter({ hasText: 'reports-dlq' }).last();
      await card.getByText('Running', { exact: true }).waitFor({ timeout: 30_000 });
      await page.getByRole('switch', { name: /reports-dlq/ }).click();
      await card.getByText('Canceled', { exact: true }).waitFor({ timeout: 30_000 });
    }, 90_000);

    test('Ada requests a redrive, Grace approves it, and the whole card is visible', async () => {
      const page = await open();
      await types(page, '/dlq-tasks redrive emails-dlq');
      const form = page.getByRole('dialog');
      await form.getByRole('textbox').last().fill('The worker is fixed.');
      await form.getByRole('button', { name: 'Request redrive' }).click();
      const approve = fromBot(page).last().getByRole('button', { name: 'Approve' });
      await approve.waitFor();
      await becomes(page, 'Grace');
      await approve.click();
      const card = fromBot(page).filter({ hasText: 'approved by @Grace' });
      await card.getByRole('button', { name: /^Cancel/ }).waitFor();
      const composer = await page.getByRole('textbox', { name: /^Message #/ }).boundingBox();
      const bottom = async () => {
        const box = await card.boundingBox();
        return (box?.y ?? 0) + (box?.height ?? 0);
      };
      await expect.poll(bottom, { timeout: 10_000 }).toBeLessThanOrEqual(composer?.y ?? 0);
    });

    test('a failed redrive says why, and what to do', async () => {
      const page = await open();
      await types(page, '/dlq-tasks webhooks-dlq');
      await page.getByText('CouldNotDetermineMessageSource').last().waitFor();
      expect(await fromBot(page).last().innerText()).toContain(
        'Start the redrive again with a custom destination queue.',
      );
    });

    test('shows the last redrives as a table', async () => {
      const page = await open();
      await types(page, '/dlq-tasks shipments-dlq 10');
      await expect
        .poll(() => page.getByRole('table').last().getByRole('row').count(), { timeout: patienceMs })
        .toBe(4);
    });

    test('reports the end of a watched redrive in the thread, even if the bot was killed in between', async () => {
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
      await fromBot(page).last().getByText('The result will be posted in the thread').waitFor();
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
}
