import type { Browser, BrowserContextOptions, Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { builtPage } from '../sandbox/page/built-page.ts';
import { type ActionsStage, anActionsStage } from '../stories/an-actions-stage.ts';
import { describeWithBrowser, openBrowser } from '../support/browser.ts';
import { aTask, now } from '../support/builders.ts';

const cancelIn = (place: Locator) => place.getByRole('button', { name: 'Cancel…' });

const laptop = { viewport: { width: 1280, height: 900 } };
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true };

describeWithBrowser('messages that come back while a redrive runs', () => {
  let stage: ActionsStage;
  let browser: Browser;
  beforeAll(async () => {
    const pageFiles = await builtPage;
    [stage, browser] = await Promise.all([anActionsStage({ slack: { pageFiles } }), openBrowser()]);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await stage?.[Symbol.asyncDispose]();
  }, 60_000);

  /** The thread of the one card, on the page of a person. */
  async function threadOf(person: string, device: BrowserContextOptions) {
    const context = await browser.newContext({ ...device, locale: 'en-GB' });
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    await page.goto(`${stage.slack.url}#${new URLSearchParams({ channel: 'CGENERAL', person })}`);
    await page.getByRole('button', { name: /\d repl(y|ies)/ }).click();
    const thread = page.getByRole('complementary', { name: 'Thread' });
    return { page, thread, alarms: thread.getByRole('article').filter({ hasText: /or more messages/ }) };
  }

  /** Of 1,000 so many have moved, and so many of them are back. */
  async function minutesPass(minutes: number, moved: number, back: number): Promise<void> {
    stage.lists(aTask({ startedAt: now - 60_000, moved, toMove: 1_000 }));
    stage.aws.holds({ ok: true, value: { waiting: 1_000 - moved + back, inFlight: 0, delayed: 0 } });
    await stage.timePasses(minutes * 60);
  }

  test('are said in the thread in one message that grows, until someone cancels there', async () => {
    stage.lists(aTask({ startedAt: now - 60_000, moved: 100, toMove: 1_000 }));
    await stage.types('UANN', '/dlq-tasks watch payments-dlq');
    await minutesPass(1, 100, 0);
    await minutesPass(4, 100, 80);
    const [bob, ann] = [await threadOf('UBOB', laptop), await threadOf('UANN', phone)];
    for (const { alarms, thread } of [bob, ann]) {
      expect(await alarms.innerText()).toMatch(/80 or more messages[\s\S]*@ann/);
      expect(await cancelIn(alarms).count()).toBe(1);
      expect(await thread.innerText()).toContain('about 980 waiting');
    }
    expect(await ann.page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    // Polls are rare by now, and three have to agree.
    await minutesPass(15, 150, 120);
    await ann.alarms.getByText('120 or more messages').waitFor();
    expect([await bob.alarms.count(), stage.cancels]).toEqual([1, []]);
    await cancelIn(ann.alarms).tap();
    const question = ann.page.getByRole('dialog');
    expect(await question.innerText()).toContain('150 of 1,000 messages moved');
    await question.getByRole('button', { name: 'Cancel redrive' }).tap();
    await expect.poll(() => stage.cancels.length).toBe(1);
    stage.cancelled();
    await stage.timePasses(60);
    await expect.poll(() => cancelIn(ann.alarms.first()).count()).toBe(0);
    expect(await bob.thread.innerText()).toMatch(/@ann canceled the redrive/);
  }, 60_000);
});
