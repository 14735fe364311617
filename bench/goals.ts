/** Applies to a figure itself, or to its ratio to what was measured beside it in the same run. */
export type Goal = { atMost: number } | { ratioAtMost: number } | { ratioAtLeast: number };

/** What the bot promises on a quiet machine with two cores. */
export const goals = {
  acknowledgementsBesideHelloWorld: { ratioAtLeast: 0.9 },
  cardsForTenQueuesBesideFirstVersion: { ratioAtLeast: 4 },
  frontBesideHmacAndAws4fetch: { ratioAtMost: 1.1 },
  frontBesideHelloWorld: { ratioAtMost: 0.6 },
  workerBesideBoltSqsAndSts: { ratioAtMost: 0.8 },
  firstPollAfterRestartMs: { atMost: 2_000 },
  memoryOfTenThousandWatchesMb: { atMost: 220 },
  yearOfHistoryBesideTenRows: { ratioAtMost: 2 },
  percentOfACoreForTenThousandWatches: { atMost: 30 },
} satisfies Record<string, Goal>;
