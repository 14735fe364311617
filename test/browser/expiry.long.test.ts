import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startStage } from '../../src/entry/demo-stage.ts';
import { describeWithBrowser, openBrowser } from '../support/browser.ts';

const withinMs = 150_000;

describeWithBrowser('requests that end by themselves', () => {
  let stage: Awaited<ReturnType<typeof startStage>>;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    const options = { socket: false, port: 0, expireAfterMinutes: 1 };
    [stage, browser] = await Promise.all([startStage(options), openBrowser()]);
    page = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' });
    page.setDefaultTimeout(withinMs);
    await page.goto(`${stage.url}#channel=C0INCIDENTS&person=U0ADA`);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await stage?.stop();
  }, 60_000);

  const requestOf = (queue: string) =>
    page.getByRole('article', { name: 'Message from dlq-tasks' }).filter({ hasText: queue }).last();

  async function asks(queue: string): Promise<void> {
    const composer = page.getByRole('textbox', { name: /^Message #/ });
    await composer.fill(`/dlq-tasks redrive ${queue}`);
    await composer.press('Escape');
    await composer.press('Enter');
    await page.getByRole('textbox', { name: 'Reason' }).fill('Let us try again');
    await page.getByRole('button', { name: 'Request redrive' }).click();
    await requestOf(queue).getByRole('button', { name: 'Approve' }).waitFor();
  }

  async function threadOf(queue: string): Promise<string> {
    await requestOf(queue)
      .getByRole('button', { name: /\d repl(y|ies)/ })
      .click();
    return page.getByRole('complementary', { name: 'Thread' }).innerText();
  }

  // What the first attempt requested would be in the way of a second one.
  test('one request expires after a reminder; another, whose start got no answer, turns out not to have started', {
    retry: 0,
  }, async () => {
    await asks('emails-dlq');
    await asks('exports-dlq');
    await stage.slack.perform({ do: 'set-fault', name: 'start-fails', isOn: true });
    await page.getByRole('button', { name: /You are: / }).click();
    await page.getByRole('menuitemradio', { name: 'Grace' }).click();
    await requestOf('exports-dlq').getByRole('button', { name: 'Approve' }).click();
    await requestOf('exports-dlq').getByText('No clear answer from AWS.').waitFor();
    await requestOf('emails-dlq').getByText('Expired.').waitFor();
    expect(await threadOf('emails-dlq')).toMatch(/@leads: [\s\S]*@Ada, no one approved/);
    await requestOf('exports-dlq').getByText('Not started.').waitFor();
    expect(await threadOf('exports-dlq')).toMatch(/@Ada, [\s\S]*Start again…/);
  });
});
