import { setTimeout as pause } from 'node:timers/promises';
import type { SignedAnswer } from './signed-call.ts';

const mostTries = 3;
const firstWaitMs = 100;
const firstWaitWhenThrottledMs = 500;

const throttled = /throttl|TooManyRequests|SlowDown|(?:Request|Bandwidth)LimitExceeded/i;

/**
 * As often and with such pauses as the AWS SDK tries, for what may be repeated: after a broken line, a server's error,
 * and when AWS is too busy. The last answer counts, whatever it is.
 */
export async function tryThrice(
  send: () => Promise<SignedAnswer>,
  signal?: AbortSignal,
): Promise<SignedAnswer> {
  for (let tries = 1; ; tries += 1) {
    const answer = await send().catch((error: unknown) => {
      if (tries >= mostTries || signal?.aborted) throw error;
      return undefined;
    });
    if (answer && (tries >= mostTries || !isPassing(answer))) return answer;
    const first = answer && isThrottled(answer) ? firstWaitWhenThrottledMs : firstWaitMs;
    await pause(Math.random() * first * 2 ** (tries - 1), undefined, signal && { signal });
  }
}

function isPassing(answer: SignedAnswer): boolean {
  return answer.status >= 500 || isThrottled(answer);
}

function isThrottled({ status, body, header }: SignedAnswer): boolean {
  return status === 429 || (status >= 400 && throttled.test(`${header('x-amzn-query-error')} ${body}`));
}
