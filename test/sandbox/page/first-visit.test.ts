import { expect, test } from 'vitest';
import { describeWithBrowser } from '../../support/browser.ts';
import { livelyState, pageState } from './page-fixture.ts';
import { usePage } from './page-in-browser.ts';

const redrive = {
  name: 'redrive-orders',
  label: 'orders-dlq: done in a minute',
  kind: 'redrive',
  hint: '/dlq-tasks watch orders-dlq',
} as const;
const fault = { name: 'slow-aws', label: 'AWS takes 10 seconds to answer', isOn: false };
const suggestions = [
  { text: '/dlq-tasks orders-dlq', about: 'a redrive that runs' },
  { text: '/dlq-tasks', about: 'all queues' },
];
const fresh = (isOn = false) => pageState({ suggestions, faults: [fault, { ...redrive, isOn }] });

describeWithBrowser('a person who has never been here', () => {
  const { open, slack } = usePage();

  test('sees what to type; a click puts it into the composer, and Enter sends it', async () => {
    const page = await open(fresh());
    await page.getByRole('button', { name: '/dlq-tasks orders-dlq a redrive that runs' }).click();
    const composer = page.getByRole('textbox', { name: 'Message #orders-oncall' });
    await expect.poll(() => composer.inputValue()).toBe('/dlq-tasks orders-dlq');
    await page.keyboard.press('Enter');
    const sent = { do: 'send', person: 'U1', channel: 'C1', text: '/dlq-tasks orders-dlq' };
    await expect.poll(() => slack().actions).toEqual([sent]);
  });

  test('does the same by keyboard, even twice', async () => {
    const page = await open(fresh());
    const suggestion = page.getByRole('button', { name: '/dlq-tasks all queues' });
    for (const _ of suggestions) {
      await suggestion.focus();
      await page.keyboard.press('Enter');
      await page.keyboard.press('Enter');
    }
    const sent = { do: 'send', person: 'U1', channel: 'C1', text: '/dlq-tasks' };
    await expect.poll(() => slack().actions).toEqual([sent, sent]);
  });

  test('finds the redrives above the faults, starts one, and sees what to type', async () => {
    const page = await open(fresh());
    const switches = page.getByRole('switch');
    expect(await switches.allInnerTexts()).toEqual([redrive.label, fault.label]);
    expect(await page.getByText('Now type').count()).toBe(0);
    await page.getByRole('region', { name: 'Start a redrive' }).getByRole('switch').click();
    slack().show(fresh(true));
    await page.getByText('Now type /dlq-tasks watch orders-dlq').waitFor();
    expect(slack().actions).toEqual([{ do: 'set-fault', name: redrive.name, isOn: true }]);
  });

  test('is led to the switches, even by keyboard', async () => {
    const page = await open(fresh());
    await page.getByRole('button', { name: 'Start a redrive, or break something' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Space');
    await expect.poll(() => slack().actions).toEqual([{ do: 'set-fault', name: redrive.name, isOn: true }]);
  });

  test('is led to the switches on a phone, where they are in the drawer', async () => {
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
    const page = await open(fresh(), phone);
    await page.getByRole('button', { name: 'Start a redrive, or break something' }).tap();
    const first = page.getByRole('switch').first();
    await first.waitFor({ state: 'visible' });
    expect(await page.evaluate('document.activeElement.textContent')).toBe(redrive.label);
    await first.tap();
    await expect.poll(() => slack().actions).toEqual([{ do: 'set-fault', name: redrive.name, isOn: true }]);
  });

  test('finds it again above the messages, in each channel where people can write', async () => {
    const page = await open({ ...livelyState(), suggestions });
    const tries = page.getByRole('region', { name: 'What to try' });
    expect(await tries.count()).toBe(1);
    await page.getByRole('button', { name: /old-news/ }).click();
    await page.getByText('No one can post here').waitFor();
    expect(await tries.count()).toBe(0);
  });
});
