import type { Params } from './sqs-caller.ts';

export type LateStarts = ReturnType<typeof createLateStarts>;

/** Move tasks that SQS has started and does not list yet. Nobody knows how long that really takes. */
export function createLateStarts(clock: () => number) {
  let delayMs = 0;
  const begun = new Map<string, { startedTimestamp: unknown; shownAt: number }[]>();
  const hiddenIn = (queueArn: string) =>
    (begun.get(queueArn) ?? []).filter(({ shownAt }) => clock() < shownAt);

  return {
    /** From now on, a new task is listed this late. */
    showAfter(ms: number) {
      delayMs = ms;
    },
    delayMs: () => delayMs,
    begin(queueArn: string, startedTimestamp: unknown) {
      if (delayMs === 0) return;
      const task = { startedTimestamp, shownAt: clock() + delayMs };
      begun.set(queueArn, [...hiddenIn(queueArn), task]);
    },
    hasHidden: (queueArn: string) => hiddenIn(queueArn).length > 0,
    listed(queueArn: string, tasks: Params[]): Params[] {
      const hidden = hiddenIn(queueArn);
      return tasks.filter(
        ({ StartedTimestamp }) =>
          !hidden.some(({ startedTimestamp }) => startedTimestamp === StartedTimestamp),
      );
    },
  };
}
