import { expect, test } from 'vitest';
import { askAllTheTime, killBetween, startActionsStage, startBadDays } from './action-campaign.ts';
import { actionVerdict, perfect } from './action-verdict.ts';
import { chaosSeed, seededRandom } from './seeded-random.ts';

const seed = chaosSeed();

test(`starts nothing twice and loses no request in a dozen kills between request and start (CHAOS_SEED=${seed})`, async () => {
  await using stage = await startActionsStage(12, 300);
  const random = seededRandom(seed);
  await stage.open();
  const endBadDays = startBadDays(stage, random);
  const people = askAllTheTime(stage, random);
  await killBetween(stage, random, { kills: 12, patienceMs: 700 });
  await expect.poll(people.starts, { timeout: 30_000 }).not.toEqual([]);
  await people.stop();
  endBadDays();
  expect(await actionVerdict(stage, people, { withinMs: 15_000 })).toEqual(perfect);
}, 180_000);
