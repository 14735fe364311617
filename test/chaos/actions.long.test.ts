import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { askAllTheTime, killBetween, startActionsStage, startBadDays } from './action-campaign.ts';
import { actionVerdict, perfect } from './action-verdict.ts';
import { chaosSeed, seededRandom } from './seeded-random.ts';

const seed = chaosSeed();

test(`starts nothing twice in two hundred kills between request and start, and finishes every action (CHAOS_SEED=${seed})`, async () => {
  await using stage = await startActionsStage(45, 1_000);
  const random = seededRandom(seed);
  await stage.open();
  const endBadDays = startBadDays(stage, random);
  const people = askAllTheTime(stage, random);
  await killBetween(stage, random, { kills: 200, patienceMs: 2_000 });
  const undisturbedSince = Date.now();
  await sleep(10_000);
  await people.stop();
  endBadDays();
  // An unsure action is polled for a minute before it counts as not started, or not canceled.
  const given = { withinMs: 150_000, isEveryEndAwaited: true, undisturbedSince };
  expect(await actionVerdict(stage, people, given)).toEqual(perfect);
  expect(people.starts().length).toBeGreaterThan(30);
  expect(people.cancels().length).toBeGreaterThan(5);
});
