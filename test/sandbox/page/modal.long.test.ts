import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { describeWithBrowser, openBrowser } from '../../support/browser.ts';
import { words } from '../slack/form-parts.ts';
import { redriveForm, startFormApp } from './form-app.ts';

const desktop = { viewport: { width: 1280, height: 800 } };
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

describeWithBrowser('a form', () => {
  let browser: Browser;
  let stage: Awaited<ReturnType<typeof startFormApp>>;
  const failures: string[] = [];
  beforeAll(async () => {
    [browser, stage] = await Promise.all([openBrowser(), startFormApp()]);
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    for (const person of ['UADA', 'UGRACE']) await stage.slack.as(person).closesModal();
    await expect.poll(() => stage.slack.state().modals).toEqual({});
    stage.submissions.length = 0;
    stage.closed.length = 0;
    stage.forgotten.length = 0;
    expect(failures).toEqual([]);
  });
  afterAll(async () => {
    await Promise.all([browser?.close(), stage?.stop()]);
  });

  async function pageOf(person: string, options: BrowserContextOptions = desktop): Promise<Page> {
    const context = await browser.newContext({ locale: 'en-GB', ...options });
    context.setDefaultTimeout(5_000);
    const page = await context.newPage();
    page.on('pageerror', (error) => failures.push(error.message));
    await page.goto(`${stage.slack.url}/#person=${person}`);
    await page.getByRole('textbox', { name: /Message #incidents/ }).focus();
    return page;
  }

  /** With the keyboard alone: types the command, and is in the first field when the form appears. */
  async function opened(page: Page): Promise<Page> {
    await page.keyboard.type('/form ');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Redrive orders-dlq' }).waitFor();
    await expect.poll(() => focused(page)).toBe('Messages per second');
    return page;
  }

  /** The label of the field that has the focus. */
  const focused = (page: Page) =>
    page.evaluate('document.activeElement?.labels?.[0]?.textContent ?? document.activeElement?.textContent');
  const values = () => stage.submissions.map((one) => one.values);
  const gone = (page: Page) => page.getByRole('dialog').waitFor({ state: 'detached' });

  test.each([
    ['at a desk', desktop],
    ['on a phone with a keyboard', phone],
  ])('is filled in and sent by keyboard %s', async (_where, options) => {
    const page = await opened(await pageOf('UADA', options));
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('25');
    await page.keyboard.press('Tab');
    await page.keyboard.type('orders-by');
    await page.keyboard.press('Tab');
    await page.keyboard.type('The parser is fixed.');
    await page.keyboard.press('Enter');
    await page.keyboard.type('Tested twice.');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.type('pay');
    await page.getByRole('option', { name: 'Payments runbook' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByLabel('Reason').focus();
    await page.keyboard.press('ControlOrMeta+Enter');
    await gone(page);
    const option = (text: string, value: string) => ({ text: { type: 'plain_text', text }, value });
    expect(values()).toMatchObject([
      {
        rate: { rate: { value: '25' } },
        to: { to: { selected_option: option('orders-by-hand', 'by-hand') } },
        why: { why: { value: 'The parser is fixed.\nTested twice.' } },
        ticket: { ticket: { value: null } },
        when: { when: { selected_option: option('At night', 'night') } },
        also: { also: { selected_options: [option('Tell #queues', 'tell')] } },
        runbook: { runbook: { selected_option: option('Payments runbook', 'payments') } },
      },
    ]);
  });

  test('keeps the focus inside, and Escape closes it, notifies the app, and returns the focus', async () => {
    const page = await opened(await pageOf('UADA'));
    const inside = new Set<unknown>();
    for (let i = 0; i < 16; i += 1) {
      await page.keyboard.press('Tab');
      inside.add(await page.evaluate('document.activeElement.closest("dialog, body").tagName'));
      inside.add(await page.evaluate('document.activeElement.matches(".composer *, .sidebar *")'));
    }
    // Between its last and its first element, the focus is in the browser's own interface.
    inside.delete('BODY');
    expect([...inside]).toEqual(['DIALOG', false]);
    await page.keyboard.press('Escape');
    await gone(page);
    expect(await page.evaluate('document.activeElement.matches(".composer textarea")')).toBe(true);
    await expect.poll(() => stage.closed).toEqual(['UADA']);
  });

  test('keeps the text when Enter sends it too early, says what is wrong, and leads there', async () => {
    const page = await opened(await pageOf('UADA'));
    await page.getByLabel('Reason').fill('no');
    await page.getByLabel('Messages per second').fill('ninety');
    await page.keyboard.press('Enter');
    await page.getByText('Please enter a valid number.').waitFor();
    await page.getByText('Please enter at least 3 characters.').waitFor();
    expect(await page.getByLabel('Messages per second').getAttribute('aria-invalid')).toBe('true');
    await page.getByLabel('Messages per second').fill('9');
    await page.getByText('Please enter a valid number.').waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await expect.poll(() => focused(page)).toBe('Reason');
    expect([await page.getByLabel('Reason').inputValue(), values()]).toEqual(['no', []]);
  });

  test('shows the app’s own complaint beside the field, and what Slack could not do', async () => {
    const page = await opened(await pageOf('UADA'));
    await page.getByLabel('Reason').fill('The parser is fixed.');
    await page.getByLabel('Ticket').fill('none');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'There is no ticket of that name.' }).waitFor();
    await page.getByLabel('Ticket').fill('broken');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'We had some trouble connecting. Try again?' }).waitFor();
    expect(await page.getByLabel('Reason').inputValue()).toBe('The parser is fixed.');
    await page.getByLabel('Ticket').fill('OPS-7');
    await page.getByRole('button', { name: 'Request' }).click();
    await gone(page);
    expect(stage.submissions).toHaveLength(3);
  });

  test("is separate for each person, and keeps what one has typed while showing another's", async () => {
    const ada = await opened(await pageOf('UADA'));
    const grace = await opened(await pageOf('UGRACE'));
    await ada.getByLabel('Reason').fill('from Ada');
    await grace.getByLabel('Reason').fill('from Grace');
    await ada.evaluate('location.hash = "person=UGRACE"');
    await expect.poll(() => ada.getByLabel('Reason').inputValue()).toBe('');
    await ada.evaluate('location.hash = "person=UADA"');
    await expect.poll(() => ada.getByLabel('Reason').inputValue()).toBe('from Ada');
    await grace.getByRole('button', { name: 'Request' }).click();
    await gone(grace);
    await ada.getByRole('button', { name: 'Request' }).click();
    await gone(ada);
    expect(stage.submissions).toMatchObject([
      { person: 'UGRACE', values: { why: { why: { value: 'from Grace' } } } },
      { person: 'UADA', values: { why: { why: { value: 'from Ada' } } } },
    ]);
  });

  test('keeps the text and the cursor when the app updates it', async () => {
    const page = await opened(await pageOf('UADA'));
    await page.getByLabel('Reason').pressSequentially('The parser');
    const [newer, ...blocks] = [
      { type: 'section' as const, text: words('1,300 messages wait.') },
      ...redriveForm.blocks,
    ];
    const view_id = stage.slack.state().modals?.['UADA']?.id ?? '';
    await stage.client.views.update({
      view_id,
      view: { ...redriveForm, blocks: [newer, ...blocks.slice(1)] },
    });
    await page.getByText('1,300 messages wait.').waitFor();
    await page.keyboard.type(' is fixed.');
    expect([await focused(page), await page.getByLabel('Reason').inputValue()]).toEqual([
      'Reason',
      'The parser is fixed.',
    ]);
  });

  test('confirms before a button counts, and Escape closes only the confirmation', async () => {
    const page = await opened(await pageOf('UADA'));
    await page.getByLabel('Reason').fill('The parser is fixed.');
    const button = page.getByRole('button', { name: 'Forget it…' });
    const question = page.getByRole('dialog', { name: 'Forget this request?' });
    await button.press('Enter');
    await question.waitFor();
    await page.keyboard.press('Escape');
    await question.waitFor({ state: 'detached' });
    expect([await page.getByLabel('Reason').inputValue(), stage.forgotten]).toEqual([
      'The parser is fixed.',
      [],
    ]);
    await button.press('Enter');
    await question.getByRole('button', { name: 'Forget it' }).press('Enter');
    await expect.poll(() => stage.forgotten).toEqual(['The parser is fixed.']);
    expect([await page.getByRole('dialog').count(), values()]).toEqual([1, []]);
    await page.getByLabel('Reason').fill('silence');
    await button.press('Enter');
    await question.getByRole('button', { name: 'Forget it' }).press('Enter');
    await page.getByRole('alert').filter({ hasText: 'We had some trouble connecting.' }).waitFor();
  });

  test('closes only the options of a search on Escape', async () => {
    const page = await opened(await pageOf('UADA'));
    await page.getByLabel('Runbook').fill('orders');
    await page.getByRole('option', { name: 'Orders runbook' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('option', { name: 'Orders runbook' }).waitFor({ state: 'detached' });
    expect(await page.getByRole('dialog').isVisible()).toBe(true);
  });

  test('fills a phone’s screen, with nothing wider than it and nothing too small to tap', async () => {
    const page = await opened(await pageOf('UADA', phone));
    const dialog = page.getByRole('dialog');
    expect(await dialog.boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 844 });
    expect(await page.evaluate('document.querySelector("dialog").scrollWidth')).toBe(390);
    const tapped = await dialog.locator('button, select, .text-input, .choice').all();
    const heights = await Promise.all(tapped.map(async (one) => (await one.boundingBox())?.height ?? 0));
    expect(heights.filter((height) => height < 40)).toEqual([]);
    await page.getByRole('button', { name: 'Not now' }).tap();
    await gone(page);
  });
});
