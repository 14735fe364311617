/**
 * Runs work with a time limit. Settles like the work, or rejects when the time is over or a signal aborts, with its
 * reason; the work's own signal is aborted then, too.
 */
export type WithTimeLimit = <T>(
  work: (signal: AbortSignal) => Promise<T>,
  signal?: AbortSignal,
) => Promise<T>;

/**
 * Neither timer nor listener outlives the work. Those of AbortSignal.timeout and AbortSignal.any live until the timeout,
 * with everything they reference: thousands of them if there are hundreds of requests per second.
 */
export function createTimeLimit(ms: number, stopping?: AbortSignal): WithTimeLimit {
  return async (work, signal) => {
    const giving = new AbortController();
    const { promise: givenUp, reject } = Promise.withResolvers<never>();
    const giveUp = (reason: unknown) => {
      reject(reason);
      giving.abort(reason);
    };
    const signals = [stopping, signal].filter((each) => each !== undefined);
    const leaves = signals.map((each) => onceAborted(each, giveUp));
    const timer = setTimeout(
      () => giveUp(new DOMException(`No result within ${ms} ms.`, 'TimeoutError')),
      ms,
    );
    try {
      return await Promise.race([givenUp, (async () => work(giving.signal))()]);
    } finally {
      clearTimeout(timer);
      for (const leave of leaves) leave();
    }
  };
}

/** Returns a function that removes the listener. */
function onceAborted(signal: AbortSignal, then: (reason: unknown) => void): () => void {
  const listen = () => then(signal.reason);
  if (signal.aborted) listen();
  else signal.addEventListener('abort', listen, { once: true });
  return () => signal.removeEventListener('abort', listen);
}
