import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { aQueue } from '../support/builders.ts';
import { type ServerStage, startServerStage } from '../support/server-stage.ts';
import { within } from '../support/servers-of-each-test.ts';

/** Each queue has its card in its own channel. Those of the background move and are watched by Ann. */
const [background, people] = [12, 12];
const queues = Array.from({ length: background + people }, (_, at) => aQueue({ name: `queue-${at}-dlq` }));
const channelOf = (at: number) => `C${at}`;
const person = (at: number) => `UP${at}`;
const seenWithinMs = 3_000;

let stage: ServerStage;
beforeEach(async () => {
  const one = (id: string) => ({ id, name: id.toLowerCase(), colour: 'teal', teamId: 'T1' });
  const channel = { topic: '', isPrivate: false, isArchived: false, botIsMember: true };
  stage = await startServerStage({
    enforceRateLimits: true,
    people: [one('UANN'), ...Array.from({ length: people }, (_, at) => one(person(at)))],
    channels: queues.map((_, at) => ({ ...channel, id: channelOf(at), name: `c${at}` })),
  });
  const [orders] = queues;
  await writeFile(
    stage.config,
    stringify({
      accounts: { prod: { id: orders?.accountId, roleArn: orders?.role.arn } },
      queues: Object.fromEntries(queues.map(({ name, arn }) => [name, arn])),
      watch: { minPollSeconds: 2, maxPollSeconds: 2 },
    }),
  );
  const startedAt = Date.now() - 30_000;
  for (const { arn } of queues) {
    stage.aws.script(arn, movingSince(startedAt));
    stage.aws.setDepth(arn, { waiting: 380, inFlight: 0, delayed: 0 });
  }
});
afterEach(() => stage[Symbol.asyncDispose]());

/** At each poll some more have moved. */
function movingSince(startedAt: number) {
  return Array.from({ length: 100 }, (_, poll) => [
    {
      Status: 'RUNNING',
      ApproximateNumberOfMessagesMoved: 600 + poll,
      ApproximateNumberOfMessagesToMove: 1_000,
      StartedTimestamp: startedAt,
      TaskHandle: 'handle',
    },
  ]);
}

const cardIn = (channel: string) => stage.slack.messages(channel).find(({ author }) => author === 'UBOT');
const isWatchedBy = (channel: string, user: string) =>
  JSON.stringify(cardIn(channel)?.blocks ?? []).includes(`<@${user}>`);

async function cardsOfAll() {
  await Promise.all(
    queues.map(({ name }, at) => stage.slack.as('UANN').types(channelOf(at), `/dlq-tasks ${name}`)),
  );
  await expect.poll(() => queues.filter((_, at) => cardIn(channelOf(at))).length, within).toBe(queues.length);
}

async function clicksWatch(user: string, channel: string): Promise<void> {
  const card = cardIn(channel) ?? { channel, ts: '' };
  expect(await stage.slack.as(user).clicks(card, 'watch')).toEqual({ ok: true });
}

/** How long each person has to wait until the card shows them as a watcher. */
async function waitsOf(placeOf: (at: number) => string): Promise<number[]> {
  const clickedAt = performance.now();
  const all = Array.from({ length: people }, async (_, at) => {
    await clicksWatch(person(at), placeOf(at));
    await stage.slack.until(() => isWatchedBy(placeOf(at), person(at)) || undefined, 30_000);
    return Math.round(performance.now() - clickedAt);
  });
  return (await Promise.all(all)).toSorted((one, other) => one - other);
}

const refused = () => stage.slack.calls.filter(({ status }) => status === 429);

/** Enough moving cards to use up all edits that Slack allows. */
async function withMuchToEdit() {
  await using server = await stage.open();
  await cardsOfAll();
  for (let at = 0; at < background; at += 1) await clicksWatch('UANN', channelOf(at));
  const editsBefore = stage.slack.callsOf('chat.update').length;
  await expect.poll(() => stage.slack.callsOf('chat.update').length, within).toBeGreaterThan(editsBefore + 1);
  const onOwnCards = await waitsOf((at) => channelOf(background + at));
  const onOneCard = await waitsOf(() => channelOf(0));
  return { onOwnCards, onOneCard, log: server.lines() };
}

test('twelve people who click Watch at once see it within 3 s, on separate cards or one, while other cards use up the edits', async () => {
  const { onOwnCards, onOneCard, log } = await withMuchToEdit();
  expect(Math.max(...onOwnCards)).toBeLessThan(seenWithinMs);
  expect(Math.max(...onOneCard)).toBeLessThan(seenWithinMs);
  expect(refused()).toEqual([]);
  expect(log.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
}, 60_000);
