import { describe, expect, test } from 'vitest';
import type { SlackFault } from '../../sandbox/slack/faults.ts';
import { askForCard, type CardAt, clickUntilTaken } from './people.ts';
import { kindOf } from './said.ts';
import { type Stage, startStage } from './stage.ts';

const ann = 'UANN';

async function watched({ slack, queues, redrives }: Stage) {
  const cards = queues.map(async ({ name, arn }, index) => {
    const redrive = redrives.begin({ arn, end: 'COMPLETED', total: 9, moved: 9, countsLateMs: 0, left: 3 });
    const card = await askForCard(slack, ann, `CTEAM${index}`, name);
    await clickUntilTaken(slack, ann, card, 'Watch');
    return { card, redrive };
  });
  return Promise.all(cards);
}

/** The kinds of notifications in the channel, in the card's thread or not. */
function toldIn({ slack }: Stage, { channel }: CardAt): string[] {
  const { messages } = slack.state();
  return messages
    .filter((message) => message.channel === channel)
    .flatMap((message) => kindOf(message) || []);
}

const isFinal = ({ slack }: Stage, { channel, ts }: CardAt) =>
  slack.thread(channel, ts)[0]?.text.includes('✅ Completed');

const patiently = { timeout: 25_000 };

describe('a channel that refuses posts', () => {
  test.concurrent('delays the end in the channel until it is open again, and the watchers get direct messages', async () => {
    await using stage = await startStage({ queues: 4, channels: 4 });
    const { slack, log, redrives } = stage;
    await stage.open();
    const all = await watched(stage);
    const [archived, removed, deleted, other] = all.map(({ card }) => card);
    if (!archived || !removed || !deleted || !other) throw new Error('four cards are watched');
    const result = () => [archived, removed, deleted, other].map((card) => toldIn(stage, card));
    await expect.poll(result, patiently).toEqual([['joined'], ['joined'], ['joined'], ['joined']]);

    await slack.perform({ do: 'set-archived', channel: archived.channel, isArchived: true });
    await slack.perform({ do: 'set-bot-member', channel: removed.channel, isMember: false });
    await slack.perform({ do: 'delete', channel: deleted.channel, ts: deleted.ts });
    for (const { redrive } of all) redrives.endIn(redrive, 0);

    const both = ['joined', 'ended'];
    await expect.poll(result, patiently).toEqual([['joined'], ['joined'], both, both]);
    await expect.poll(() => slack.messages('DANN').length, patiently).toBe(2);
    const closed = 'could not deliver a notification; retrying';
    expect(log.warnings.filter((line) => line.includes(closed))).toHaveLength(2);

    await stage.server.kill();
    await stage.server.start();
    await slack.perform({ do: 'set-archived', channel: archived.channel, isArchived: false });
    await slack.perform({ do: 'set-bot-member', channel: removed.channel, isMember: true });
    await expect.poll(result, { timeout: 60_000 }).toEqual([both, both, both, both]);
    await expect
      .poll(() => [archived, removed].map((card) => isFinal(stage, card)), { timeout: 60_000 })
      .toEqual([true, true]);
    expect(slack.messages('DANN')).toHaveLength(2);
  }, 120_000);
});

describe('a Slack that refuses for a moment', () => {
  const struck: [string, (channel: string) => SlackFault][] = [
    [
      'team_added_to_org for 6 s',
      (channel) => ({ kind: 'error', error: 'team_added_to_org', forMs: 6_000, ...at(channel) }),
    ],
    ['a page for 6 s', (channel) => ({ kind: 'page', forMs: 6_000, ...at(channel) })],
    [
      'not_in_channel for 6 s',
      (channel) => ({ kind: 'error', error: 'not_in_channel', forMs: 6_000, ...at(channel) }),
    ],
    ['invalid_blocks', (channel) => ({ kind: 'error', error: 'invalid_blocks', ...at(channel, 'blocks') })],
    [
      'thread_not_found',
      (channel) => ({ kind: 'error', error: 'thread_not_found', ...at(channel, 'thread_ts') }),
    ],
  ];

  function at(channel: string, argument?: string) {
    return {
      when: (args: Record<string, unknown>) =>
        args['channel'] === channel &&
        (argument === undefined || !['[]', undefined].includes(args[argument] as string)),
    };
  }

  test.concurrent('loses no end, reports none twice, and shows each on its card', async () => {
    await using stage = await startStage({ queues: struck.length, channels: struck.length });
    const { slack, log, redrives } = stage;
    await stage.open();
    const all = await watched(stage);
    const cards = all.map(({ card }) => card);
    const result = () => cards.map((card) => toldIn(stage, card));
    await expect.poll(result, patiently).toEqual(struck.map(() => ['joined']));

    for (const [index, [, fault]] of struck.entries()) slack.faults.add(fault(`CTEAM${index}`));
    for (const { redrive } of all) redrives.endIn(redrive, 0);

    await expect.poll(result, patiently).toEqual(struck.map(() => ['joined', 'ended']));
    await expect
      .poll(() => cards.map((card) => isFinal(stage, card)), patiently)
      .toEqual(struck.map(() => true));
    expect(slack.messages('DANN')).toHaveLength(1);
    expect(log.warnings.filter((line) => line.includes('DOCTYPE'))).toEqual([]);
  }, 60_000);
});
