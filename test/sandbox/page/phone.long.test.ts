import { expect, test } from 'vitest';
import { describeWithBrowser } from '../../support/browser.ts';
import { livelyState } from './page-fixture.ts';
import { usePage } from './page-in-browser.ts';

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

describeWithBrowser('on a phone', () => {
  const { open } = usePage();

  test('the sidebar is a drawer that opens, switches the channel and closes', async () => {
    const page = await open(livelyState(), phone);
    const channels = page.getByRole('region', { name: 'Channels' });
    expect(await channels.isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Open sidebar' }).tap();
    await channels.getByRole('button', { name: /billing/ }).tap();
    await page.getByRole('heading', { name: 'billing', exact: true }).waitFor();
    await channels.waitFor({ state: 'hidden' });
  });

  test('the thread fills the screen', async () => {
    const page = await open(livelyState(), phone);
    await page.getByRole('button', { name: /2 replies/ }).tap();
    const box = await page.getByRole('complementary', { name: 'Thread' }).boundingBox();
    expect(box).toMatchObject({ x: 0, y: 0, width: 390, height: 844 });
  });

  test('nothing is wider than the screen, and tap targets are 40 pixels high', async () => {
    const page = await open(livelyState(), phone);
    await page.getByRole('article').first().waitFor();
    const tooWide = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
    const tapped = await page.locator('button:visible:not(.mention):not(.link), select:visible').all();
    const heights = await Promise.all(tapped.map(async (one) => (await one.boundingBox())?.height ?? 0));
    const tooSmall = heights.filter((height) => height < 40);
    expect({ tooWide, tooSmall }).toEqual({ tooWide: false, tooSmall: [] });
  });
});
