import type { Log } from '../operations/log.ts';

export type SlackCheck = ReturnType<typeof createSlackCheck>;

type SlackCheckOptions = {
  /** Rejects if Slack does not answer, or refuses. */
  ask: () => Promise<unknown>;
  /** The reason in one word. */
  whyFrom: (error: unknown) => string;
  clock: () => number;
  log: Log;
  everyMs?: number;
};

const aMinute = 60_000;

/** Asks Slack regularly in the background, so that readiness checks do not wait for it. */
export function createSlackCheck({ ask, whyFrom, clock, log, everyMs = aMinute }: SlackCheckOptions) {
  let answeredAt = clock();
  let failure: string | undefined;
  let timer: NodeJS.Timeout | undefined;

  async function beat(): Promise<void> {
    try {
      await ask();
      answeredAt = clock();
      failure = undefined;
    } catch (error) {
      if (failure === undefined) log.warn({ why: whyFrom(error) }, 'Slack health check failed');
      failure = whyFrom(error);
    }
  }

  return {
    beat,
    start: () => {
      timer = setInterval(() => void beat(), everyMs).unref();
    },
    stop: () => clearInterval(timer),
    /** When Slack last answered without an error, epoch milliseconds. */
    answeredAt: () => answeredAt,
    /** Why the last try failed; undefined when it did not. */
    failure: () => failure,
  };
}
