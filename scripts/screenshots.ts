import { mkdir } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { startStage } from '../src/entry/demo-stage.ts';
import { openBrowser } from '../test/support/browser.ts';

/** Takes the pictures of the README from the running demo. `npm run screenshots [folder]` */
const folder = process.argv[2] ?? 'docs/pictures';
const dark = process.argv.includes('--dark');

async function types(page: Page, text: string): Promise<void> {
  const composer = page.getByRole('textbox', { name: /^Message #/ });
  await composer.fill(text);
  await composer.press('Escape');
  await composer.press('Enter');
}

const lastMessage = (page: Page) => page.getByRole('article', { name: 'Message from dlq-tasks' }).last();

await mkdir(folder, { recursive: true });
const [stage, browser] = await Promise.all([startStage({ socket: false, port: 0 }), openBrowser()]);
const context = await browser.newContext({
  viewport: { width: 1180, height: 860 },
  locale: 'en-GB',
  timezoneId: 'Europe/London',
  colorScheme: dark ? 'dark' : 'light',
  deviceScaleFactor: 2,
});
const page = await context.newPage();
await page.goto(stage.url);

await types(page, '/dlq-tasks orders-dlq');
await lastMessage(page).getByRole('button', { name: 'Refresh' }).waitFor();
await page.waitForTimeout(12_000);
await lastMessage(page).getByRole('button', { name: 'Refresh' }).click();
await page.waitForTimeout(1_500);
await lastMessage(page).screenshot({ path: `${folder}/card.png` });

await types(page, '/dlq-tasks webhooks-dlq');
await page.getByText('CouldNotDetermineMessageSource').last().waitFor();
await page.waitForTimeout(500);
await lastMessage(page).screenshot({ path: `${folder}/failed.png` });

await types(page, '/dlq-tasks shipments-dlq 5');
await page.getByRole('table').last().waitFor();
await page.waitForTimeout(500);
await lastMessage(page).screenshot({ path: `${folder}/history.png` });

await types(page, '/dlq-tasks');
await page.getByText('14 queues').last().waitFor();
await page.waitForTimeout(500);
await page.screenshot({ path: `${folder}/overview.png` });

await types(page, '/dlq-tasks ordres-dlq');
await page.getByText('Did you mean').last().waitFor();
await page.waitForTimeout(300);
await page.screenshot({ path: `${folder}/typo.png` });

await stage.slack.perform({ do: 'set-fault', name: 'redrive-notifications-dlq', isOn: true });
await page.waitForTimeout(2_500);
await types(page, '/dlq-tasks watch notifications-dlq');
await page.getByText('Watched by').last().waitFor();
await page
  .getByText(/more messages in the DLQ/)
  .last()
  .waitFor({ timeout: 120_000 })
  .catch(() => undefined);
await page
  .getByRole('button', { name: /repl(y|ies)/ })
  .last()
  .click();
await page.waitForTimeout(800);
await page.screenshot({ path: `${folder}/thread.png` });

const phone = await browser.newContext({
  viewport: { width: 390, height: 844 },
  locale: 'en-GB',
  colorScheme: 'dark',
  deviceScaleFactor: 2,
  hasTouch: true,
});
const small = await phone.newPage();
await small.goto(stage.url);
await types(small, '/dlq-tasks orders-dlq');
await small.waitForTimeout(1_500);
await small.screenshot({ path: `${folder}/phone.png` });

await browser.close();
await stage.stop();
process.exit(0);
