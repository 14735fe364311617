import type { Params } from './sqs-caller.ts';

export type LateCounts = ReturnType<typeof createLateCounts>;

/** How many messages a queue holds, as GetQueueAttributes says it. */
export type Counts = Params;

const sampleEveryMs = 1_000;

/**
 * SQS's counts of messages settle late. While they lag, a queue that was asked about is counted every second, and the
 * answer is as old as the lag; until there is one that old, it is the first one.
 */
export function createLateCounts(clock: () => number) {
  let lagMs = 0;
  const asked = new Map<
    string,
    { count: () => Promise<Counts>; counted: { at: number; counts: Counts }[] }
  >();

  async function sample(queueArn: string): Promise<void> {
    const queue = asked.get(queueArn);
    if (!queue) return;
    const counts = await queue.count();
    const now = clock();
    const old = queue.counted.findLastIndex(({ at }) => at <= now - lagMs);
    queue.counted = [...queue.counted.slice(Math.max(old, 0)), { at: now, counts }];
  }
  const timer = setInterval(() => {
    for (const queueArn of asked.keys()) void sample(queueArn).catch(() => undefined);
  }, sampleEveryMs).unref();

  return {
    /** From now on they are so late. */
    lagBy(ms: number) {
      lagMs = ms;
      asked.clear();
    },
    lagMs: () => lagMs,
    async of(queueArn: string, count: () => Promise<Counts>): Promise<Counts> {
      if (lagMs === 0) return count();
      if (!asked.has(queueArn)) asked.set(queueArn, { count, counted: [] });
      await sample(queueArn);
      const { counted } = asked.get(queueArn) ?? { counted: [] };
      return (counted.findLast(({ at }) => at <= clock() - lagMs) ?? counted[0])?.counts ?? count();
    },
    stop: () => clearInterval(timer),
  };
}
