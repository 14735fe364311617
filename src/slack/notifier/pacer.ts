import type { DeliveryResult } from '../../domain/delivery.ts';
import { RecentMap } from '../../operations/expiring.ts';
import { retryLaterBecause } from './post-once.ts';

type Slot = { at: number; isUrgent: boolean };

const graceMs = 30_000;
const sweepEveryMs = 1_000;

/**
 * Rate limiter: lets callers through no closer together than `everyMs`, in the order they asked, with urgent
 * ones first. A caller that must wait keeps its place in line until a little after its turn, so a caller that
 * returns on time is not overtaken.
 */
export function createPacer({ everyMs, burst }: { everyMs: number; burst: number }) {
  const held = new Map<string, Slot>();
  let nextFreeAt = 0;
  let sweptAt = 0;

  /** Not on every call: thousands may be waiting. */
  function forgetMissedTurns(now: number): void {
    if (now - sweptAt < sweepEveryMs) return;
    sweptAt = now;
    for (const [key, slot] of held) if (slot.at + graceMs < now) held.delete(key);
  }

  function lastPlace(now: number): number {
    const at = Math.max(nextFreeAt, now - (burst - 1) * everyMs);
    nextFreeAt = at + everyMs;
    return at;
  }

  /**
   * Takes the place of the first caller in line that can wait. Each of those moves one place back, the last
   * one to `freed`.
   */
  function firstPlace(freed: number): number {
    const stepBack = inLine().filter((slot) => !slot.isUrgent && slot.at < freed);
    let free = freed;
    for (const slot of stepBack.reverse()) [slot.at, free] = [free, slot.at];
    return free;
  }

  const inLine = () => [...held.values()].sort((one, other) => one.at - other.at);

  function slotFor(key: string, now: number, isUrgent: boolean): Slot {
    const mine = held.get(key);
    if (mine && (mine.isUrgent || !isUrgent)) return mine;
    held.delete(key);
    const place = mine?.at ?? lastPlace(now);
    return { at: isUrgent ? firstPlace(place) : place, isUrgent };
  }

  return {
    /** 0: go now. Otherwise how long to wait, in milliseconds, before asking again with the same key. */
    waitFor(key: string, now: number, isUrgent = false): number {
      forgetMissedTurns(now);
      const slot = slotFor(key, now, isUrgent);
      if (slot.at <= now) {
        held.delete(key);
        return 0;
      }
      held.set(key, slot);
      return slot.at - now;
    },
    /** Whoever was let through calls once more: all others come a place later. */
    again(now: number): void {
      for (const slot of held.values()) slot.at += everyMs;
      lastPlace(now);
    },
    /** Slack asked to wait: no one is let through before `until`. */
    restUntil(until: number): void {
      let at = until;
      for (const slot of inLine()) {
        slot.at = Math.max(slot.at, at);
        at = slot.at + everyMs;
      }
      nextFreeAt = Math.max(nextFreeAt, at);
    },
  };
}
export type Pacer = ReturnType<typeof createPacer>;

/** Which line to wait in, under which key, and whether before those that can wait. */
type Turn = { pacer: Pacer; key: string; isUrgent: boolean };

/** Waits for its turn, makes the call, and pauses all calls if Slack asks for it. */
export function createPaced(clock: () => number) {
  return async <R extends DeliveryResult>({ pacer, key, isUrgent }: Turn, work: () => Promise<R>) => {
    const wait = pacer.waitFor(key, clock(), isUrgent);
    if (wait > 0) return { kind: 'wait' as const, afterMs: wait };
    try {
      return await work();
    } catch (error) {
      const result = retryLaterBecause(error);
      if (result.because === 'rate-limited') pacer.restUntil(clock() + (result.afterMs ?? 1000));
      return result;
    }
  };
}
export type Paced = ReturnType<typeof createPaced>;

/** Slack allows one chat.postMessage per second and channel. */
const postEveryMs = 1_000;
const postBurst = 1;

/** Channels without recent posts are forgotten. */
export function createPacersByChannel() {
  const pacers = new RecentMap<Pacer>(1_000);
  return (channel: string) => {
    const pacer = pacers.get(channel) ?? createPacer({ everyMs: postEveryMs, burst: postBurst });
    pacers.set(channel, pacer);
    return pacer;
  };
}
export type PacersByChannel = ReturnType<typeof createPacersByChannel>;
