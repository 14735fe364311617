import { mkdir } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Locator, Page } from 'playwright-core';
import { startStage } from '../src/entry/demo-stage.ts';
import { openBrowser } from '../test/support/browser.ts';

/** Takes the README's pictures from the running demo: `npm run screenshots [folder]`. It takes about two minutes. */
const folder = process.argv[2] ?? 'docs/pictures';

const reader = { locale: 'en-GB', timezoneId: 'Europe/London', deviceScaleFactor: 2 };
const patienceMs = 120_000;

async function types(page: Page, text: string): Promise<void> {
  const composer = page.getByRole('textbox', { name: /^Message #/ });
  await composer.fill(text);
  await composer.press('Escape');
  await composer.press('Enter');
}

const last = (page: Page) => page.getByRole('article', { name: 'Message from dlq-tasks' }).last();

/** Moves the mouse away, so that no toolbar covers the picture. */
async function settle(page: Page): Promise<void> {
  await page.mouse.move(0, 0);
  await pause(600);
}

/** Blocks are at most 600 pixels wide; the space to the right of them is empty. */
const widthOfMessage = 680;

async function picture(message: Locator, name: string): Promise<void> {
  const page = message.page();
  await settle(page);
  const box = await message.boundingBox();
  if (!box) throw new Error(`${name} is not visible.`);
  await page.screenshot({ path: `${folder}/${name}.png`, clip: { ...box, width: widthOfMessage } });
}

await mkdir(folder, { recursive: true });
const [stage, browser] = await Promise.all([startStage({ socket: false, port: 0 }), openBrowser()]);
const context = await browser.newContext({ ...reader, viewport: { width: 1180, height: 980 } });
context.setDefaultTimeout(patienceMs);
const page = await context.newPage();
const startsRedrive = (queue: string) =>
  stage.slack.perform({ do: 'set-fault', name: `redrive-${queue}`, isOn: true });
const looksInto = (channel: string, person: string) =>
  page.goto(`${stage.url}#${new URLSearchParams({ channel, person })}`);
const says = (person: string, channel: string, text: string) =>
  stage.slack.perform({ do: 'send', person, channel, text });

await startsRedrive('reports-dlq');
await pause(22_000);
// Viewed as another person: for Ada, who is mentioned in it, Slack would highlight it.
await says('U0ADA', 'C0INCIDENTS', '/dlq-tasks watch reports-dlq');
await looksInto('C0INCIDENTS', 'U0GRACE');
await last(page).getByText('Watched by').waitFor();
await picture(last(page), 'card');

await says('U0GRACE', 'C0INCIDENTS', 'And webhooks-dlq?');
await types(page, '/dlq-tasks webhooks-dlq');
await last(page).getByText('CouldNotDetermineMessageSource').waitFor();
await picture(last(page), 'failed');

await says('U0ADA', 'C0INCIDENTS', 'What else?');
await types(page, '/dlq-tasks');
await last(page)
  .getByText(/^\d+ queues$/)
  .waitFor();
await picture(last(page), 'overview');

await looksInto('C0QUEUES', 'U0ADA');
await says('U0ADA', 'C0QUEUES', 'The exports work again.');
await types(page, '/dlq-tasks redrive exports-dlq');
await page.getByRole('textbox', { name: 'Reason' }).fill('The export timeout is fixed in 2.4.1');
await page.getByRole('button', { name: 'Request redrive' }).click();
await looksInto('C0QUEUES', 'U0GRACE');
await last(page).getByRole('button', { name: 'Approve' }).waitFor();
await picture(last(page), 'request');
await last(page).getByRole('button', { name: 'Decline' }).click();

await page.setViewportSize({ width: 1180, height: 660 });
await looksInto('C0ONCALL', 'U0ADA');
await says('U0GRACE', 'C0ONCALL', 'ALARM: "notifications-dlq-not-empty" in EU (Ireland)');
await says('U0ADA', 'C0ONCALL', 'The worker is fixed, and I started the redrive.');
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
const sidebar = await page.getByRole('navigation', { name: 'Workspace' }).boundingBox();
const left = sidebar?.width ?? 0;
await page.screenshot({
  path: `${folder}/thread.png`,
  clip: { x: left, y: 0, width: 1180 - left, height: 660 },
});

const phone = await browser.newContext({
  ...reader,
  viewport: { width: 390, height: 844 },
  colorScheme: 'dark',
  hasTouch: true,
});
const small = await phone.newPage();
await small.goto(`${stage.url}#channel=C0ONCALL&person=U0GRACE`);
await types(small, '/dlq-tasks invoices');
await last(small).getByRole('button', { name: 'Runbook' }).waitFor();
await settle(small);
await small.screenshot({ path: `${folder}/phone.png` });

await browser.close();
await stage.stop();
process.exit(0);
