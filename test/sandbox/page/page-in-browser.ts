import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { PageState } from '../../../sandbox/slack/page-contract.ts';
import { openBrowser } from '../../support/browser.ts';
import { type FakeLocalSlack, startFakeLocalSlack } from './fake-local-slack.ts';
import { pageState } from './page-fixture.ts';

/** One browser and one fake Slack for the tests of a file; each test opens its own pages. */
export function usePage() {
  let browser: Browser;
  let slack: FakeLocalSlack;
  const failures: string[] = [];
  beforeAll(async () => {
    [browser, slack] = await Promise.all([openBrowser(), startFakeLocalSlack(pageState())]);
  });
  afterEach(async () => {
    slack.actions.length = 0;
    slack.answer({ ok: true });
    await Promise.all(browser.contexts().map((context) => context.close()));
    const failed = failures.splice(0);
    if (failed.length > 0) throw new Error(`The page failed: ${failed.join('; ')}`);
  });
  afterAll(async () => {
    await Promise.all([browser?.close(), slack?.close()]);
  });
  const open = async (state: PageState, options: BrowserContextOptions = {}): Promise<Page> => {
    slack.show(state);
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      locale: 'en-GB',
      ...options,
    });
    context.setDefaultTimeout(5000);
    const page = await context.newPage();
    page.on('pageerror', (error) => failures.push(error.message));
    await page.goto(slack.url);
    await page.getByRole('main').waitFor();
    return page;
  };
  return { open, slack: () => slack };
}
