import { uptime } from 'node:os';

/** All in milliseconds. */
export type TimeSources = {
  /** The time of day, which people and NTP may set. */
  wall: () => number;
  /** Counts evenly and is never set; on Linux it stands still while the machine sleeps. */
  counted: () => number;
  /** Counts a sleep of the machine, too. */
  uptime: () => number;
  /** Called when the time of day was set while the process ran. */
  onStep?: (byMs: number) => void;
};

/** Less is how clocks drift, or the coarse steps in which they are read. */
const smallestStepMs = 1_000;
/** How much faster or slower than the counted time it may go until it agrees with the time of day again. */
const pull = 1 / 20;

const ofThisMachine: TimeSources = {
  wall: Date.now,
  counted: () => performance.now(),
  uptime: () => uptime() * 1_000,
};

/**
 * The one clock of a process, epoch milliseconds. It begins with the time of day and goes on with the time that passes,
 * so that a time of day that is set, forward or back, makes nothing late and nothing old. It draws near the new time
 * of day by a twentieth of the time that passes; a sleep of the machine it takes as time that has passed.
 */
export function createSteadyClock(given: Partial<TimeSources> = {}): () => number {
  const sources = { ...ofThisMachine, ...given };
  const read = () => ({ wall: sources.wall(), counted: sources.counted() });
  let last = read();
  let now = last.wall;
  const beganAt = sources.uptime() - last.counted;
  let sleptMs = 0;

  /** How long the machine has slept since the last reading: the uptime tells it from a clock that was set. */
  function asleepMs(stepMs: number): number {
    const slept = sources.uptime() - last.counted - beganAt - sleptMs;
    const asleep = slept < smallestStepMs ? 0 : Math.min(slept, stepMs);
    sleptMs += asleep;
    return asleep;
  }

  return () => {
    const before = last;
    last = read();
    const passed = Math.max(0, last.counted - before.counted);
    const stepMs = last.wall - before.wall - passed;
    const asleep = stepMs >= smallestStepMs ? asleepMs(stepMs) : 0;
    if (Math.abs(stepMs - asleep) >= smallestStepMs) sources.onStep?.(Math.round(stepMs - asleep));
    now += passed + asleep;
    const behind = last.wall - now;
    now += Math.min(Math.max(behind, -passed * pull), passed * pull);
    return Math.floor(now);
  };
}
