/**
 * Lets work take so long and no longer. Settles as the work does, or rejects when the time is over or a signal aborts,
 * with its reason; the work's own signal tells it to give up then.
 */
export type Patience = <T>(work: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal) => Promise<T>;

/**
 * Neither timer nor listener outlives the work. Those of AbortSignal.timeout and AbortSignal.any live until the time is
 * over, each with all that it refers to: thousands of them when hundreds ask in a second.
 */
export function createPatience(ms: number, stopping?: AbortSignal): Patience {
  return async (work, signal) => {
    const giving = new AbortController();
    const { promise: givenUp, reject } = Promise.withResolvers<never>();
    const giveUp = (reason: unknown) => {
      reject(reason);
      giving.abort(reason);
    };
    const signals = [stopping, signal].filter((each) => each !== undefined);
    const leaves = signals.map((each) => onceAborted(each, giveUp));
    const timer = setTimeout(() => giveUp(new DOMException(`Not done in ${ms} ms.`, 'TimeoutError')), ms);
    try {
      return await Promise.race([givenUp, (async () => work(giving.signal))()]);
    } finally {
      clearTimeout(timer);
      for (const leave of leaves) leave();
    }
  };
}

/** Answers how to listen no more. */
function onceAborted(signal: AbortSignal, then: (reason: unknown) => void): () => void {
  const listen = () => then(signal.reason);
  if (signal.aborted) listen();
  else signal.addEventListener('abort', listen, { once: true });
  return () => signal.removeEventListener('abort', listen);
}
