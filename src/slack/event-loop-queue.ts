/**
 * Lets those who wait go on one after another, one in each round of the event loop. What has come in meanwhile is read
 * between two of them, and so is acknowledged before the work for those who came earlier is done.
 */
export function createEventLoopQueue(): () => Promise<void> {
  const waiting: (() => void)[] = [];
  const letOneGo = () => {
    waiting.shift()?.();
    if (waiting.length > 0) setImmediate(letOneGo);
  };
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      if (waiting.length === 1) setImmediate(letOneGo);
    });
}
