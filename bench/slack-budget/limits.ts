import { createRateLimits } from '../../src/sandbox/slack/rate-limits.ts';
import type { SlackCall } from '../shared/stand-in.ts';

const minute = 60_000;
/** Tier 3, and one message a second and channel: https://docs.slack.dev/apis/web-api/rate-limits */
const editsAMinute = 50;

/**
 * Slack's documented limits, kept strictly: the sandbox's buckets, and besides never more than 50 edits in any
 * minute. Answers the seconds to wait when a call is one too many.
 */
export function createStrictLimits(now: () => number) {
  const buckets = createRateLimits(now);
  const edits: number[] = [];
  let most = 0;
  let refused = 0;

  function editsRefused(): number | undefined {
    while ((edits[0] ?? Infinity) <= now() - minute) edits.shift();
    const [oldest = now()] = edits;
    if (edits.length >= editsAMinute) return Math.ceil((oldest + minute - now()) / 1000);
    edits.push(now());
    most = Math.max(most, edits.length);
    return undefined;
  }

  return {
    take({ method, channel }: SlackCall): number | undefined {
      const wait =
        buckets.retryAfter(method, channel) ?? (method === 'chat.update' ? editsRefused() : undefined);
      if (wait !== undefined) refused += 1;
      return wait;
    },
    refused: () => refused,
    mostEditsInAMinute: () => most,
  };
}
