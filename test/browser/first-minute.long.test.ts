import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithBrowser, openBrowser } from '../support/browser.ts';

const script = fileURLToPath(new URL('../../src/entry/demo.ts', import.meta.url));

/** `npm run demo` in its own process, and the address that it prints. */
async function startDemo() {
  const child = spawn(process.execPath, [script, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = once(child, 'exit');
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    const url = /Open (http\S+)/.exec(said)?.[1];
    if (url !== undefined) resolve(url);
  });
  child.once('exit', () => reject(new Error(`The demo has ended:\n${said}`)));
  return {
    url: await promise,
    async stop() {
      child.kill('SIGTERM');
      await gone;
    },
  };
}

describeWithBrowser('who opens the demo', () => {
  let demo: Awaited<ReturnType<typeof startDemo>>;
  let browser: Browser;
  beforeAll(async () => {
    [demo, browser] = await Promise.all([startDemo(), openBrowser()]);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  }, 60_000);

  test.each([
    ['a laptop', { width: 1280, height: 800 }],
    ['a phone', { width: 390, height: 844 }],
  ])('sees the card of a running redrive on %s before typing anything', async (_name, viewport) => {
    const page = await browser.newPage({ viewport, locale: 'en-GB' });
    await page.goto(demo.url);
    const card = page.getByRole('article', { name: 'Message from dlq-tasks' });
    await card.getByText('Running', { exact: true }).waitFor();
    expect(await card.count()).toBe(1);
    const box = await card.boundingBox();
    expect(box?.y).toBeGreaterThan(0);
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThan(viewport.height);
    expect(await card.innerText()).toMatch(
      /orders-dlq[\s\S]* of 3,000 messages moved[\s\S]*Watched by @Grace/,
    );
    await card.getByRole('button', { name: 'Watch', exact: true }).waitFor();
    await page.close();
  });
});
