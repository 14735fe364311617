import { expect, test } from 'vitest';
import { askForCard, clickUntilTaken } from './people.ts';
import { type Stage, startStage } from './stage.ts';

const ann = 'UANN';

/** Milliseconds until the answer is in the channel. */
async function answerTime({ slack }: Stage, channel: string, name: string): Promise<number> {
  const before = slack.messages(channel).length;
  const answered = Promise.withResolvers<number>();
  const stopListening = slack.onChange(() => {
    if (slack.messages(channel).length > before) answered.resolve(performance.now());
  });
  const typedAt = performance.now();
  await slack.as(ann).types(channel, `/dlq-tasks ${name}`);
  const ms = (await answered.promise) - typedAt;
  stopListening();
  return ms;
}

function median(numbers: number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

test('answers a command just as fast while Slack returns 429 for every card update', async () => {
  await using stage = await startStage({ queues: 20, channels: 4 });
  const { slack, queues, redrives } = stage;
  await stage.open();
  const cards = queues.map(async ({ name, arn }, index) => {
    redrives.begin({ arn, end: 'COMPLETED', total: 900, moved: 900, countsLateMs: 0, left: 3 });
    await clickUntilTaken(slack, ann, await askForCard(slack, ann, `CTEAM${index % 3}`, name), 'Watch');
  });
  await Promise.all(cards);

  const times = { undisturbed: [] as number[], disturbed: [] as number[] };
  for (let round = 0; round < 5; round += 1) {
    times.undisturbed.push(await answerTime(stage, 'CTEAM3', queues[0]?.name ?? ''));
    const before = slack.callsOf('chat.update').filter(({ status }) => status === 429).length;
    const relent = slack.faults.add({ kind: 'rate-limited', retryAfterSeconds: 1, method: 'chat.update' });
    await slack.until(
      () => slack.callsOf('chat.update').filter(({ status }) => status === 429).length > before || undefined,
    );
    times.disturbed.push(await answerTime(stage, 'CTEAM3', queues[0]?.name ?? ''));
    relent();
  }
  // A command that waits for Slack's Retry-After would take fifty times as long.
  expect(median(times.disturbed) / median(times.undisturbed)).toBeLessThan(6);
}, 60_000);
