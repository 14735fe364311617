import { describe, expect, test } from 'vitest';
import { killManyTimes, watchThemAll } from './campaign.ts';
import { chaosSeed, seededRandom } from './seeded-random.ts';
import { startStage } from './stage.ts';
import { perfectFor, verdictOn } from './verdict.ts';
import { startWeather } from './weather.ts';

describe('on bad days at Slack, at AWS and on the machine, a server that is killed a dozen times', () => {
  const seed = chaosSeed();

  test(`loses no watch and reports each end once (CHAOS_SEED=${seed})`, async () => {
    await using stage = await startStage({ queues: 5, channels: 4, clockMayOutliveProcess: true });
    const random = seededRandom(seed);
    await stage.open();
    const watched = await watchThemAll(stage, { random, beginOverMs: 300, lengthMs: [1_000, 5_500] });
    const weather = startWeather(stage, random);
    const killing = killManyTimes(stage, random, 12);
    const lastEnd = Math.max(...watched.map(({ redrive }) => redrive.endsAt ?? 0));
    // The numbers settle ten seconds after the end, and are polled only once more, much later.
    setTimeout(weather.clearsAtAws, lastEnd - Date.now() + 1_000).unref();
    await killing;
    await weather.clearsElsewhere();

    expect(await verdictOn(stage, watched), weather.inWords()).toEqual(perfectFor(watched));
    await weather.stop();
  }, 240_000);
});
