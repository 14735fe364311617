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
  let timer: NodeJS.Timeout | undefined;
  let ringsAt = Infinity;
  let running = false;
  let rangAt: number | undefined;

  /** Never later than it would ring anyway: a stream of requests must not postpone it forever. */
  function ringIn(ms: number): void {
    const at = performance.now() + ms;
    if (!running || at >= ringsAt) return;
    clearTimeout(timer);
    timer = setTimeout(ring, ms);
    ringsAt = at;
  }

  function ring(): void {
    ringsAt = Infinity;
    try {
      const now = clock();
      const began = begin();
      rangAt = now;
      ringIn(began ? Math.min(Math.max(nextDue(now) - clock(), soonMs), longestSleepMs) : restAfterFailureMs);
    } catch (error) {
      if (!(error instanceof StoreUnusable))
        log.error({ err: error }, 'reading stored watches failed; retrying');
      ringIn(restAfterFailureMs);
    }
  }

  return {
    start: () => {
      running = true;
      ring();
    },
    rangAt: () => rangAt,
    soon: () => ringIn(soonMs),
    stop: () => {
      running = false;
      clearTimeout(timer);
    },
  };
}
