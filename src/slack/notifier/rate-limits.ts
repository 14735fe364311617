import type { DeliveryResult } from '../../operations/watching/notifier.ts';
import { type SlackFailure, slackFailureFrom } from '../slack-failure.ts';
import { createPacer, type Pacer } from './pacer.ts';

/** In which line, under which name, whether what is told is the end of something, and what a failure means for it. */
type Place = {
  pacer: Pacer;
  key: string;
  goesFirst: boolean;
  verdict: (failure: SlackFailure) => DeliveryResult;
};

/** Waits in line, does it, and lets everybody rest when Slack says so. */
export type Paced = (place: Place, work: () => Promise<DeliveryResult>) => Promise<DeliveryResult>;

export function createPaced(clock: () => number): Paced {
  return async ({ pacer, key, goesFirst, verdict }, work) => {
    const wait = pacer.waitFor(key, clock(), goesFirst);
    if (wait > 0) return { kind: 'wait', afterMs: wait };
    try {
      return await work();
    } catch (error) {
      const failure = slackFailureFrom(error);
      if (failure.kind === 'rate-limited') pacer.restUntil(clock() + (failure.retryAfterSeconds ?? 1) * 1000);
      return verdict(failure);
    }
  };
}

/** Slack allows one chat.postMessage a second and channel. */
const postEveryMs = 1_000;
const postBurst = 1;

/** Channels that have been quiet for long are forgotten. */
export function createPacersByChannel() {
  const pacers = new Map<string, Pacer>();
  return (channel: string) => {
    const pacer = pacers.get(channel) ?? createPacer({ everyMs: postEveryMs, burst: postBurst });
    pacers.delete(channel);
    pacers.set(channel, pacer);
    const [oldest] = pacers.keys();
    if (pacers.size > 1_000 && oldest !== undefined) pacers.delete(oldest);
    return pacer;
  };
}
export type PacersByChannel = ReturnType<typeof createPacersByChannel>;
