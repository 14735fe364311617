import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startStage } from '../../src/entry/demo-stage.ts';
import { describeWithBrowser, openBrowser } from '../support/browser.ts';

const laptop = { viewport: { width: 1280, height: 900 } };
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true };
const patienceMs = 15_000;

const fromBot = (place: Page | Locator) => place.getByRole('article', { name: 'Message from dlq-tasks' });
const requestOf = (page: Page, queue: string) => fromBot(page).filter({ hasText: queue }).last();
const button = (place: Page | Locator, name: string) => place.getByRole('button', { name, exact: true });

const widthOf = (page: Page) => page.evaluate('document.documentElement.scrollWidth');

describeWithBrowser('a redrive that is asked for in Slack', () => {
  let stage: Awaited<ReturnType<typeof startStage>>;
  let browser: Browser;
  beforeAll(async () => {
    [stage, browser] = await Promise.all([startStage({ socket: false, port: 0 }), openBrowser()]);
  }, 60_000);
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
  });
  afterAll(async () => {
    await browser?.close();
    await stage?.stop();
  }, 60_000);

  async function open(person: string, device: BrowserContextOptions = laptop): Promise<Page> {
    const context = await browser.newContext({ ...device, locale: 'en-GB' });
    context.setDefaultTimeout(patienceMs);
    const page = await context.newPage();
    await page.goto(`${stage.url}#${new URLSearchParams({ channel: 'C0INCIDENTS', person })}`);
    await page.getByRole('main').waitFor();
    return page;
  }

  const setFault = (name: string, isOn: boolean) => stage.slack.perform({ do: 'set-fault', name, isOn });

  async function types(page: Page, text: string): Promise<void> {
    await page.getByRole('textbox', { name: /^Message #/ }).focus();
    await page.keyboard.type(text);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
  }

  /** With the keyboard alone. */
  async function goesTo(page: Page, target: Locator): Promise<void> {
    await target.waitFor();
    for (let tabs = 0; tabs < 12; tabs += 1) {
      if ((await target.and(page.locator(':focus')).count()) > 0) return;
      await page.keyboard.press('Tab');
    }
    throw new Error('The keyboard does not get there.');
  }

  async function asks(page: Page, queue: string, reason: string, rate = ''): Promise<void> {
    await types(page, `/dlq-tasks redrive ${queue} ${rate}`);
    await fillsIn(page, queue, reason);
  }

  async function fillsIn(page: Page, queue: string, reason: string): Promise<void> {
    await goesTo(page, page.getByRole('textbox', { name: 'Reason' }));
    await page.keyboard.type(reason);
    await goesTo(page, button(page, 'Request redrive'));
    await page.keyboard.press('Enter');
    await button(requestOf(page, queue), 'Approve').waitFor();
  }

  async function opensThread(page: Page, queue: string): Promise<Locator> {
    await requestOf(page, queue)
      .getByRole('button', { name: /\d repl(y|ies)/ })
      .click();
    return page.getByRole('complementary', { name: 'Thread' });
  }

  test('by keyboard, and is approved on a phone: the card shows it running, and names both people at the end', async () => {
    const ada = await open('U0ADA');
    const grace = await open('U0GRACE', phone);
    await types(ada, '/dlq-tasks events-us');
    await button(requestOf(ada, 'events-dlq'), 'Refresh').focus();
    await goesTo(ada, button(requestOf(ada, 'events-dlq'), 'Redrive…'));
    await ada.keyboard.press('Enter');
    await fillsIn(ada, 'events-dlq', 'The consumer is fixed in 2.4.1');
    expect(await requestOf(ada, 'events-dlq').innerText()).toMatch(
      /Waiting for approval\.\s+@leads: please approve or decline[\s\S]*The consumer is fixed in 2\.4\.1[\s\S]*@Ada/,
    );
    await button(requestOf(ada, 'events-dlq'), 'Approve').press('Enter');
    await ada.getByText('Only visible to you').last().waitFor();
    expect(await button(requestOf(grace, 'events-dlq'), 'Approve').isVisible()).toBe(true);
    expect(await widthOf(grace)).toBe(390);
    await button(grace, 'Approve').last().tap();
    const thread = await opensThread(grace, 'events-dlq');
    await thread
      .getByText(/has completed\./)
      .first()
      .waitFor();
    expect(await thread.innerText()).toMatch(
      /5 of 5 messages moved[\s\S]*Requested by @Ada, approved by @Grace: The consumer is fixed in 2\.4\.1/,
    );
  }, 60_000);

  test('from the form on a phone, which fits its width', async () => {
    const grace = await open('U0GRACE', phone);
    await types(grace, '/dlq-tasks emails-dlq');
    await button(requestOf(grace, 'emails-dlq'), 'Redrive…').tap();
    const form = grace.getByRole('dialog', { name: 'Redrive messages' });
    await form.getByRole('textbox', { name: 'Reason' }).fill('Mails go out again');
    expect(await widthOf(grace)).toBe(390);
    await button(form, 'Request redrive').tap();
    await button(grace, 'Withdraw').tap();
    await grace.getByText('Withdrawn by the requester. Nothing was started.').waitFor();
  }, 60_000);

  test('and is declined: the requester learns by whom', async () => {
    const ada = await open('U0ADA');
    await asks(ada, 'exports-dlq', 'Let us try again');
    const grace = await open('U0GRACE');
    await button(grace, 'Decline').press('Enter');
    await ada.getByText('Declined by @Grace. Nothing was started.').waitFor();
    const thread = await opensThread(ada, 'exports-dlq');
    await thread.getByText('@Ada, @Grace declined your request.').first().waitFor();
  }, 60_000);

  test('is canceled halfway by keyboard, and the thread says by whom', async () => {
    const ada = await open('U0ADA');
    // Its 100 messages take longer than the clicks, even on a busy machine.
    await asks(ada, 'reports-dlq', 'The timeout is fixed', '1');
    const grace = await open('U0GRACE', phone);
    await button(grace, 'Approve').tap();
    await button(grace, 'Cancel…').tap();
    expect(await widthOf(grace)).toBe(390);
    await button(grace.getByRole('dialog', { name: 'Cancel the redrive?' }), 'Keep it running').tap();
    await button(ada, 'Cancel…').last().press('Enter');
    const question = ada.getByRole('dialog', { name: 'Cancel the redrive?' });
    expect(await question.innerText()).toMatch(/of 100 messages moved[\s\S]*a few more may still move/);
    await goesTo(ada, button(question, 'Cancel redrive'));
    await ada.keyboard.press('Enter');
    await ada.getByText('Canceled', { exact: true }).last().waitFor();
    const thread = await opensThread(ada, 'reports-dlq');
    await thread.getByText('@Ada canceled the redrive of reports-dlq.').first().waitFor();
    await thread
      .getByText(/was canceled\./)
      .first()
      .waitFor();
  }, 60_000);

  test("becomes its card even if AWS's answer is lost", async () => {
    const ada = await open('U0ADA');
    await setFault('start-lost', true);
    await asks(ada, 'notifications-dlq', 'The worker is mended');
    const grace = await open('U0GRACE');
    await button(grace, 'Approve').press('Enter');
    await requestOf(ada, 'notifications-dlq').getByText('Running', { exact: true }).waitFor();
    await setFault('start-lost', false);
    expect(await requestOf(ada, 'notifications-dlq').innerText()).toMatch(
      /Requested by @Ada, approved by @Grace: The worker is mended/,
    );
  }, 60_000);
});
