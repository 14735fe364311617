import { uptime } from 'node:os';

/** All in milliseconds. */
export type TimeSources = {
  /** The time of day, which people and NTP may set. */
  wall: () => number;
  /** Monotonic; on Linux it stops while the machine sleeps. */
  counted: () => number;
  /** Includes the time that the machine sleeps. */
  uptime: () => number;
  /** Called when the time of day was changed while the process ran. */
  onStep?: (byMs: number) => void;
};

/** Smaller steps are clock drift, or the resolution of the readings. */
const smallestStepMs = 1_000;
/** How much faster or slower than elapsed time it may run until it agrees with the time of day again. */
const pull = 1 / 20;

const ofThisMachine: TimeSources = {
  wall: Date.now,
  counted: () => performance.now(),
  uptime: () => uptime() * 1_000,
};

/**
 * The one clock of a process, in epoch milliseconds. It starts with the time of day and continues with elapsed time, so
 * that changing the time of day makes nothing late or stale. It approaches the new time of day by a twentieth of the
 * elapsed time. Time that the machine sleeps counts as elapsed.
 */
export function createSteadyClock(given: Partial<TimeSources> = {}): () => number {
  const sources = { ...ofThisMachine, ...given };
  const read = () => ({ wall: sources.wall(), counted: sources.counted() });
  let last = read();
  let now = last.wall;
  const beganAt = sources.uptime() - last.counted;
  let sleptMs = 0;

  /** How long the machine has slept since the last reading; the uptime distinguishes it from a changed clock. */
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
