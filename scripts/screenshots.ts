import { mkdir } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { startStage } from '../src/entry/demo-stage.ts';
import { openBrowser } from '../test/support/browser.ts';

/** Takes the README's pictures from the running demo: `npm run screenshots [folder]`. It takes about two minutes. */
const folder = process.argv[2] ?? 'docs/pictures';

const look = { locale: 'en-GB', timezoneId: 'Europe/London', deviceScaleFactor: 2 };
const patienceMs = 120_000;

async function types(page: Page, text: string): Promise<void> {
  const composer = page.getByRole('textbox', { name: /^Message #/ });
  await composer.fill(text);
  await composer.press('Escape');
  await composer.press('Enter');
}

const last = (page: Page) => page.getByRole('article', { name: 'Message from dlq-tasks' }).last();

/** The mouse away, so that no toolbar hangs over the picture. */
async function settle(page: Page): Promise<void> {
  await page.mouse.move(0, 0);
  await pause(600);
}

await mkdir(folder, { recursive: true });
const [stage, browser] = await Promise.all([startStage({ socket: false, port: 0 }), openBrowser()]);
const context = await browser.newContext({ ...look, viewport: { width: 1180, height: 980 } });
context.setDefaultTimeout(patienceMs);
const page = await context.newPage();
const startsRedrive = (queue: string) =>
  stage.slack.perform({ do: 'set-fault', name: `redrive-${queue}`, isOn: true });
await page.goto(stage.url);

await startsRedrive('reports-dlq');
await pause(22_000);
await types(page, '/dlq-tasks watch reports-dlq');
await last(page).getByText('Watched by').waitFor();
await settle(page);
await last(page).screenshot({ path: `${folder}/card.png` });

await types(page, '/dlq-tasks webhooks-dlq');
await last(page).getByText('CouldNotDetermineMessageSource').waitFor();
await settle(page);
await last(page).screenshot({ path: `${folder}/failed.png` });

await types(page, '/dlq-tasks');
await last(page)
  .getByText(/^\d+ queues$/)
  .waitFor();
await settle(page);
await last(page).screenshot({ path: `${folder}/overview.png` });

await startsRedrive('notifications-dlq');
await pause(2_500);
await types(page, '/dlq-tasks watch notifications-dlq');
await last(page).getByText('Watched by').waitFor();
await last(page)
  .getByText(/3 replies/)
  .waitFor();
await last(page)
  .getByRole('button', { name: /replies/ })
  .click();
await page
  .getByRole('complementary', { name: 'Thread' })
  .getByText(/more messages in the DLQ/)
  .waitFor();
await settle(page);
await page.screenshot({ path: `${folder}/thread.png` });

const phone = await browser.newContext({
  ...look,
  viewport: { width: 390, height: 844 },
  colorScheme: 'dark',
  hasTouch: true,
});
const small = await phone.newPage();
await small.goto(stage.url);
await types(small, '/dlq-tasks invoices');
await last(small).getByRole('button', { name: 'Runbook' }).waitFor();
await settle(small);
await small.screenshot({ path: `${folder}/phone.png` });

await browser.close();
await stage.stop();
process.exit(0);
