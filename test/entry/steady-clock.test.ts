import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSteadyClock } from '../../src/entry/steady-clock.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const noon = Date.UTC(2025, 0, 15, 12);

/** A machine whose time of day and sleep are controlled by a test. */
function aMachine() {
  const machine = { wall: noon, counted: 5_000, uptime: 90_000, steps: [] as number[] };
  const clock = createSteadyClock({
    wall: () => machine.wall,
    counted: () => machine.counted,
    uptime: () => machine.uptime,
    onStep: (byMs) => machine.steps.push(byMs),
  });
  const passes = (ms: number) => {
    machine.wall += ms;
    machine.counted += ms;
    machine.uptime += ms;
    return clock();
  };
  const sleeps = (ms: number) => {
    machine.wall += ms;
    machine.uptime += ms;
    return clock();
  };
  const isSet = (byMs: number) => {
    machine.wall += byMs;
    return clock();
  };
  return { clock, machine, passes, sleeps, isSet };
}

describe("the process's clock", () => {
  test('shows the time of day while no one changes it', () => {
    const { clock, passes } = aMachine();
    expect([clock(), passes(10 * second), passes(3 * day)]).toEqual([
      noon,
      noon + 10 * second,
      noon + 3 * day + 10 * second,
    ]);
  });

  test.each([
    ['back by 5 min', -5 * minute],
    ['back by 1 h', -hour],
    ['forward by 3 days', 3 * day],
  ])('does not jump when the time of day is set %s, and reports the change', (_, byMs) => {
    const { machine, passes, isSet } = aMachine();
    passes(minute);
    expect(isSet(byMs)).toBe(noon + minute);
    const later = passes(5 * minute) - (noon + minute);
    expect(later).toBeGreaterThanOrEqual(5 * minute * 0.95 - 1);
    expect(later).toBeLessThanOrEqual(5 * minute * 1.05);
    expect(machine.steps).toEqual([byMs]);
  });

  test('approaches the new time of day by about an hour a day', () => {
    const { machine, passes, isSet } = aMachine();
    isSet(-hour);
    for (let minutes = 0; minutes < 24 * 60; minutes += 1) passes(minute);
    expect(passes(0)).toBe(machine.wall);
  });

  test("counts the machine's sleep as elapsed time", () => {
    const { passes, sleeps, machine } = aMachine();
    passes(minute);
    expect(sleeps(8 * hour)).toBe(noon + minute + 8 * hour);
    passes(minute);
    expect(sleeps(2 * hour)).toBe(noon + 2 * minute + 10 * hour);
    expect(machine.steps).toEqual([]);
  });

  test('tells a clock change from sleep if both happen at once', () => {
    const { machine, isSet, clock } = aMachine();
    machine.uptime += hour;
    expect(isSet(3 * hour)).toBe(noon + hour);
    expect([clock(), machine.steps]).toEqual([noon + hour, [2 * hour]]);
  });

  test('never goes back, whatever happens to the time of day', () => {
    const happening = fc.record({
      setBy: fc.integer({ min: -3 * day, max: 3 * day }),
      passes: fc.integer({ min: 0, max: hour }),
    });
    fc.assert(
      fc.property(fc.array(happening), (happenings) => {
        const { clock, passes, isSet } = aMachine();
        let before = clock();
        for (const one of happenings) {
          for (const now of [isSet(one.setBy), passes(one.passes)]) {
            expect(now).toBeGreaterThanOrEqual(before);
            before = now;
          }
        }
      }),
    );
  });
});
