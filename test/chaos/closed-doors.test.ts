import { describe, expect, test } from 'vitest';
import { kindOf } from './kills.ts';
import { askForCard, type CardAt, clickUntilTaken } from './people.ts';
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

/** The kinds of notices in the channel, in the card's thread or not. */
function toldIn({ slack }: Stage, { channel }: CardAt): string[] {
  const { messages } = slack.state();
  return messages
    .filter((message) => message.channel === channel)
    .flatMap((message) => kindOf(message) || []);
}

describe('a closed door', () => {
  test('ends the watches behind it, and those of others go on', async () => {
    await using stage = await startStage({ queues: 4, channels: 4 });
    const { slack, log, redrives } = stage;
    await stage.open();
    const all = await watched(stage);
    const [archived, removed, deleted, other] = all.map(({ card }) => card);
    if (!archived || !removed || !deleted || !other) throw new Error('four cards are watched');
    await expect
      .poll(() => all.map(({ card }) => toldIn(stage, card).length), { timeout: 10_000 })
      .toEqual([1, 1, 1, 1]);

    await slack.perform({ do: 'set-archived', channel: archived.channel, isArchived: true });
    await slack.perform({ do: 'set-bot-member', channel: removed.channel, isMember: false });
    await slack.perform({ do: 'delete', channel: deleted.channel, ts: deleted.ts });
    for (const { redrive } of all) redrives.endIn(redrive, 0);

    await expect
      .poll(() => [archived, removed, deleted, other].map((card) => toldIn(stage, card)), { timeout: 15_000 })
      .toEqual([['joined'], ['joined'], ['joined', 'ended'], ['joined', 'ended']]);
    const closed = 'a watch ends: its channel is closed to the bot';
    await expect.poll(() => log.warnings.filter((line) => line.includes(closed)).length).toBe(2);
    const live = await stage.liveWatches();
    expect(live.sort()).toEqual([deleted.channel, other.channel]);
  }, 40_000);
});
