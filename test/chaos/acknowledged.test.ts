import { expect, test } from 'vitest';
import { killAtEachAcknowledgement } from './acknowledged.ts';
import { startStage } from './stage.ts';
import { endsAndKeys } from './verdict.ts';

test('keeps a watch if the bot is killed at the moment it acknowledges the click', async () => {
  await using stage = await startStage({ queues: 6, channels: 3 });
  await stage.open();
  const watched = await killAtEachAcknowledgement(stage);
  expect(await endsAndKeys(stage, watched)).toEqual({ ends: 6, toldTwice: [], rows: 6 });
}, 60_000);
