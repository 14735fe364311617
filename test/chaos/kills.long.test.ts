import { expect, test } from 'vitest';
import { killManyTimes, watchThemAll } from './campaign.ts';
import { chaosSeed, seededRandom } from './seeded-random.ts';
import { startStage } from './stage.ts';
import { perfectFor, verdictOn } from './verdict.ts';
import { startWeather } from './weather.ts';

const seed = chaosSeed();

test(`two hundred kills on bad days lose no watch and tell no end twice (CHAOS_SEED=${seed})`, async () => {
  await using stage = await startStage({ queues: 110, channels: 12, bounceBackAfterSeconds: [60, 180] });
  const random = seededRandom(seed);
  await stage.open();
  const weather = startWeather(stage, random, { hardTimesEveryMs: 30_000 });
  const watching = watchThemAll(stage, {
    random,
    beginOverMs: 150_000,
    lengthMs: [2_000, 20_000],
    // After a second try of the look that settles the numbers. What was left may be known no sooner than at the first look
    // for what has come back, and told late on a slow machine: there is time until the last one.
    comeBack: { share: 0.2, afterMs: 25_000 },
  });
  await killManyTimes(stage, random, 200);
  const watched = await watching;
  weather.clearsAtAws();
  weather.clearsAtSlack();
  expect(await verdictOn(stage, watched, 300_000)).toEqual(perfectFor(watched));
  await weather.stop();
});
