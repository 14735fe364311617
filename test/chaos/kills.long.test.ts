import { test } from 'vitest';
import { killManyTimes, watchThemAll } from './campaign.ts';
import { chaosSeed, seededRandom } from './seeded-random.ts';
import { startStage } from './stage.ts';
import { perfectFor, verdictOn } from './verdict.ts';
import { startWeather } from './weather.ts';

const seed = chaosSeed();

const campaigns = [
  {
    over: 'signed HTTP',
    given: { isSocketMode: false, bounceBackAfterSeconds: [60, 180] },
    // After a second attempt of the settle poll. What was left may be known no sooner than at the first
    // bounce-back poll, and be delivered late on a slow machine: there is time until the last one.
    more: { comeBack: { share: 0.2, afterMs: 25_000, untilMs: 150_000 } },
  },
  { over: 'Socket Mode', given: { isSocketMode: true, clockMayOutliveProcess: true }, more: {} },
];

test.concurrent.for(campaigns)(
  `loses no watch and reports no end twice in a hundred kills on bad days, over $over (CHAOS_SEED=${seed})`,
  async ({ given, more }, { expect }) => {
    await using stage = await startStage({ queues: 60, channels: 12, ...given });
    const random = seededRandom(seed);
    await stage.open();
    const weather = startWeather(stage, random, {
      hardTimesEveryMs: 30_000,
      spellsEveryMs: 2_000,
      spellsLastMs: [1_000, 6_000],
    });
    const watching = watchThemAll(stage, {
      random,
      beginOverMs: 150_000,
      lengthMs: [2_000, 20_000],
      ...more,
    });
    await killManyTimes(stage, random, 100);
    const watched = await watching;
    weather.clearsAtAws();
    await weather.clearsElsewhere();
    expect(await verdictOn(stage, watched, 300_000), weather.inWords()).toEqual(perfectFor(watched));
    await weather.stop();
  },
);
