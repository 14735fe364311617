import type { Log } from '../../operations/log.ts';
import { StoreUnusable } from '../../operations/watching/watch-store.ts';
import { restAfterFailureMs } from './jobs.ts';

const soonMs = 10;
const longestSleepMs = 60_000;

type AlarmPorts = {
  /** False: nothing can be done now. */
  begin: () => boolean;
  /** The next time after `now` at which something is due. */
  nextDue: (now: number) => number;
  clock: () => number;
  log: Log;
};

/** One timer for all watches and followed queues: it rings when the next poll or delivery is due. */
export function createAlarm({ begin, nextDue, clock, log }: AlarmPorts) {
  const timer = createTimer(ring);
  const { ringIn } = timer;
  let rangAt: number | undefined;

  function ring(): void {
    try {
      const now = clock();
      const began = begin();
      rangAt = now;
      ringIn(began ? Math.min(Math.max(nextDue(now) - clock(), soonMs), longestSleepMs) : restAfterFailureMs);
    } catch (error) {
      if (!(error instanceof StoreUnusable))
        log.error({ err: error }, 'could not read stored watches; retrying');
      ringIn(restAfterFailureMs);
    }
  }

  return {
    start: () => {
      timer.start();
      ring();
    },
    rangAt: () => rangAt,
    soon: () => ringIn(soonMs),
    stop: () => timer.stop(),
  };
}

/** Whoever learns of a trouble has it tried again. */
export function waking<T>(trouble: T | undefined, wake: () => void): T | undefined {
  if (trouble !== undefined) wake();
  return trouble;
}

/** A timer that is never postponed: a stream of requests must not put it off forever. It rings only while it runs. */
export function createTimer(ring: () => void) {
  let timer: NodeJS.Timeout | undefined;
  let ringsAt = Infinity;
  let isRunning = false;
  return {
    ringIn(ms: number): void {
      const at = performance.now() + ms;
      if (!isRunning || at >= ringsAt) return;
      clearTimeout(timer);
      ringsAt = at;
      timer = setTimeout(() => {
        ringsAt = Infinity;
        ring();
      }, ms);
    },
    start: () => {
      isRunning = true;
    },
    stop: () => {
      isRunning = false;
      clearTimeout(timer);
    },
  };
}
