import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LocalSlack } from '../../../sandbox/slack/local-slack.ts';
import type { Delivery, Notifier } from '../../../src/operations/watching/notifier.ts';
import { fetchBotIdentity } from '../../../src/slack/bot-identity.ts';
import { createCardOrder } from '../../../src/slack/card-order.ts';
import { type ClickEdits, createClickEdits } from '../../../src/slack/notifier/click-edits.ts';
import { createSlackNotifier } from '../../../src/slack/notifier/slack-notifier.ts';
import { boltLogger, promptClient } from '../../../src/slack/slack-client.ts';
import { botToken, startTestSlack } from '../../sandbox/slack/test-workspace.ts';
import { aQueue, aTask, now } from '../../support/builders.ts';
import { recordedLog } from '../../support/recorded.ts';

const queue = aQueue();

let slack: LocalSlack;
let notifier: Notifier;
let clickEdits: ClickEdits;
let clock: number;
let card: { channel: string; ts: string };
let lines: ReturnType<typeof recordedLog>['lines'];

beforeEach(async () => {
  slack = await startTestSlack();
  const stored = recordedLog();
  lines = stored.lines;
  clock = now;
  const client = promptClient({ botToken, apiUrl: slack.apiUrl, logger: boltLogger(stored.log) });
  clickEdits = createClickEdits({ apiUrl: slack.apiUrl, clock: () => clock });
  notifier = createSlackNotifier({
    client,
    identity: await fetchBotIdentity(client),
    cards: createCardOrder(),
    clickEdits,
    queueOf: () => queue,
    log: stored.log,
    clock: () => clock,
  });
  const blocks = [{ type: 'actions', elements: [watchButton] }];
  const { ts } = await client.chat.postMessage({ channel: 'CGENERAL', text: 'the card', blocks });
  card = { channel: 'CGENERAL', ts: ts ?? '' };
});
afterEach(() => slack.stop());

const watchButton = { type: 'button', action_id: 'watch', text: { type: 'plain_text', text: 'Watch' } };

/** Ann clicks, and Slack sends a response URL with the click. */
async function click(): Promise<string> {
  await slack.as('UANN').clicks(card, 'watch');
  return String(slack.deliveries.at(-1)?.payload['response_url']);
}

/** More than fit within the limit of chat.update. */
async function manyOthers() {
  for (let other = 0; other < 20; other += 1) await notifier.notify(showing(other, { ts: `1.${other}` }));
}

let seconds = 0;
function showing(moved: number, changes: { ts?: string; final?: boolean } = {}): Delivery {
  const { ts = card.ts, final = false } = changes;
  const task = aTask({ moved, ...(final && { status: 'COMPLETED' as const }) });
  seconds += 1;
  const seenAt = now + seconds * 1_000;
  const facts = { queueArn: queue.arn, seenAt, earlier: [], watchers: ['UANN'], notListed: false };
  const state = { ...facts, task, final };
  return { kind: 'card', card: { ...card, ts }, fallback: {}, keep: async () => undefined, state };
}

const shown = () => slack.messages('CGENERAL').find(({ ts }) => ts === card.ts)?.text;
const edits = () => slack.callsOf('chat.update').filter(({ args }) => args['ts'] === card.ts).length;
const place = () => ({ channel: card.channel, ts: card.ts });

describe('after a click on its card', () => {
  test('an edit waits for no other, and leaves chat.update to the rest', async () => {
    clickEdits.clicked(place(), await click());
    await manyOthers();
    expect(await notifier.notify(showing(700))).toEqual({ kind: 'delivered' });
    expect([edits(), slack.privateWords('UANN')]).toEqual([0, []]);
    expect(shown()).toContain('700 of 1,000');
  });

  test('it is one edit for each click; then they take turns again', async () => {
    clickEdits.clicked(place(), await click());
    await manyOthers();
    await notifier.notify(showing(700));
    expect((await notifier.notify(showing(710))).kind).toBe('wait');
  });

  test("chat.update delivers what Slack doesn't accept this way, before other edits", async () => {
    slack.faults.add({ kind: 'error', method: 'response_url', error: 'used_url' });
    const url = await click();
    clickEdits.clicked(place(), url);
    await manyOthers();
    const result = await notifier.notify(showing(700));
    expect(result).toEqual({ kind: 'wait', afterMs: expect.any(Number) });
    clock += result.kind === 'wait' ? result.afterMs : 0;
    expect(result.kind === 'wait' && result.afterMs).toBeLessThanOrEqual(60_000 / 45);
    expect([await notifier.notify(showing(710)), edits()]).toEqual([{ kind: 'delivered' }, 1]);
    expect(JSON.stringify(lines)).not.toContain(url);
  });

  test('chat.update delivers an end, because its answer is certain', async () => {
    clickEdits.clicked(place(), await click());
    expect(await notifier.notify(showing(1_000, { final: true }))).toEqual({ kind: 'delivered' });
    expect(edits()).toBe(1);
  });

  test.each([
    ['is a minute old', 60_000, () => place()],
    ['is on another card', 0, () => ({ channel: 'COPS', ts: '1.2' })],
  ])('a click that %s is not used', async (_what, laterMs, clicked) => {
    clickEdits.clicked(clicked(), await click());
    clock += laterMs;
    await notifier.notify(showing(700));
    expect(edits()).toBe(1);
  });

  test('an address that is not Slack’s is not followed', async () => {
    await click();
    clickEdits.clicked(place(), 'https://evil.example/response/1');
    await notifier.notify(showing(700));
    expect(edits()).toBe(1);
  });
});
