import type { MoveTask } from '../../src/domain/move-task.ts';

/** A redrive of a queue of its own, watched on one card. */
export type Redrive = { index: number; channel: string; cardTs: string; startedAt: number; endsAt: number };

export type RedriveSizes = { watches: number; ending: number; crowd: number; forMs: number };

const hour = 3_600_000;

/**
 * All move. Some end meanwhile, one after another in channels of five watches; and a crowd ends at one moment in one
 * channel. The rest go on.
 */
export function redrivesOver({ watches, ending, crowd, forMs }: RedriveSizes, now: number): Redrive[] {
  return Array.from({ length: watches }, (_, index) => ({
    index,
    channel: index < crowd ? 'CCROWD' : `C${Math.floor(index / 5)}`,
    cardTs: `1600000000.${String(index).padStart(6, '0')}`,
    startedAt: now - 60_000,
    endsAt: endOf(index, { ending, crowd, forMs }, now),
  }));
}

function endOf(index: number, { ending, crowd, forMs }: Omit<RedriveSizes, 'watches'>, now: number): number {
  if (index < crowd) return now + forMs * 0.5;
  // Spread over the middle, so that each end notice has its time.
  if (index < ending) return now + forMs * (0.2 + (0.6 * (index - crowd)) / (ending - crowd));
  return now + hour;
}

export function taskOf({ startedAt, endsAt }: Redrive, now: number): MoveTask {
  const share = Math.min(1, (now - startedAt) / (endsAt - startedAt));
  const status = share < 1 ? 'RUNNING' : 'COMPLETED';
  return { status, statusText: status, moved: Math.floor(share * 1e6), toMove: 1e6, startedAt };
}
