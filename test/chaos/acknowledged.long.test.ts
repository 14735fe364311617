import { expect, test } from 'vitest';
import { killAtEachAcknowledgement } from './acknowledged.ts';
import { startStage } from './stage.ts';
import { endsAndKeys } from './verdict.ts';

test('keeps sixty watches after sixty kills at the moment of acknowledgment', async () => {
  await using stage = await startStage({ queues: 60, channels: 10 });
  await stage.open();
  const watched = await killAtEachAcknowledgement(stage);
  expect(await endsAndKeys(stage, watched, 120_000)).toEqual({ ends: 60, toldTwice: [], rows: 60 });
});
