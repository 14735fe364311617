const second = 1000;
const longestWait = 15 * 60 * second;

/** A fifth more or less, so that the polls of many queues stay spread over time. */
export function nextFollowPollAfter(
  now: number,
  { everySeconds, failures, random }: { everySeconds: number; failures: number; random: number },
): number {
  const every = everySeconds * second;
  const wanted = Math.min(every * 2 ** Math.min(failures, 20), Math.max(longestWait, every));
  return Math.ceil(now + wanted * (0.8 + 0.4 * random));
}
