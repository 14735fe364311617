import { describe, expect, test } from 'vitest';
import { defaultWatchSettings, WatchSettings } from '../../src/domain/settings.ts';

describe('the settings of watches', () => {
  test('have defaults', () => {
    expect(defaultWatchSettings).toEqual({
      minPollSeconds: 5,
      maxPollSeconds: 300,
      bounceBackAfterSeconds: [60, 300, 900],
      stalledAfterMinutes: 15,
    });
  });

  test('compare the depth in order, and never twice at the same time', () => {
    const { bounceBackAfterSeconds } = WatchSettings.parse({ bounceBackAfterSeconds: [300, 60, 900, 60] });
    expect(bounceBackAfterSeconds).toEqual([60, 300, 900]);
  });

  const faultsOf = (watch: object) =>
    WatchSettings.safeParse(watch).error?.issues.map(({ message }) => message) ?? [];
  const whole = 'must be a whole number from 1 to 900';

  test.each([
    [{ minPollSeconds: 1, maxPollSeconds: 900, bounceBackAfterSeconds: [1, 2, 3, 4, 5, 86_400] }, []],
    [{ minPollSeconds: 0 }, [whole]],
    [{ maxPollSeconds: 901 }, [whole]],
    [{ minPollSeconds: 1.5 }, [whole]],
    [{ minPollSeconds: 'often' }, [whole]],
    [{ bounceBackAfterSeconds: [1, 2, 3, 4, 5, 6, 7] }, ['must list at most 6 times']],
    [{ bounceBackAfterSeconds: [0] }, ['must be a whole number from 1 to 86400']],
    [{ stalledAfterMinutes: 1 }, []],
    [{ stalledAfterMinutes: 1440 }, []],
    [{ stalledAfterMinutes: 0 }, ['must be a whole number from 1 to 1440']],
    [{ stalledAfterMinutes: 1441 }, ['must be a whole number from 1 to 1440']],
  ])('%j: %j', (watch, faults) => {
    expect(faultsOf(watch)).toEqual(faults);
  });

  test('report a missing value as missing, not as a wrong number', () => {
    expect(faultsOf({ minPollSeconds: null })).toEqual([expect.not.stringContaining('whole number')]);
  });
});
