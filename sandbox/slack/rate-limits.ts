/** Slack's documented limits, as token buckets. */
const limits: Record<string, { perSecond: number; burst: number; each: 'channel' | 'workspace' }> = {
  'chat.postMessage': { perSecond: 1, burst: 3, each: 'channel' },
  'chat.update': { perSecond: 50 / 60, burst: 50, each: 'workspace' },
  'conversations.replies': { perSecond: 50 / 60, burst: 50, each: 'workspace' },
  'conversations.history': { perSecond: 50 / 60, burst: 50, each: 'workspace' },
};

export type RateLimits = ReturnType<typeof createRateLimits>;

export function createRateLimits(now: () => number) {
  const buckets = new Map<string, { left: number; at: number }>();
  return {
    /** Seconds to wait if the call exceeds a limit; undefined if it may pass, which is counted. */
    retryAfter(method: string, channel: string): number | undefined {
      const limit = limits[method];
      if (!limit) return undefined;
      const key = limit.each === 'channel' ? `${method} ${channel}` : method;
      const bucket = buckets.get(key) ?? { left: limit.burst, at: now() };
      const filled = bucket.left + ((now() - bucket.at) / 1_000) * limit.perSecond;
      const left = Math.min(limit.burst, filled);
      const passes = left >= 1;
      buckets.set(key, { left: passes ? left - 1 : left, at: now() });
      return passes ? undefined : Math.max(1, Math.ceil((1 - left) / limit.perSecond));
    },
  };
}
