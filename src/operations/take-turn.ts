import type { Queue } from '../domain/queue.ts';
import { decide } from '../domain/watch/decide.ts';
import { type KeptWatch, remember } from '../domain/watch/outbox.ts';
import { type QueueLook, sightingOf } from '../domain/watch/sighting.ts';
import type { Decision } from '../domain/watch/telling.ts';
import type { WatchSettings } from '../domain/watch/watch-settings.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import { type LookPorts, lookAt } from './watching/look.ts';
import type { WatchStore } from './watching/watch-store.ts';

export type TurnPorts = LookPorts & {
  store: WatchStore;
  settings: WatchSettings;
  log: Log;
  metrics?: Metrics;
  /** 0 to 1, for the jitter. */
  random: () => number;
};

/**
 * The one step of every watch engine: look once at the queue, decide for each of its watches, commit.
 * Resolves once the decisions are durable. What they have to tell is in the outbox then, due at once.
 */
export async function takeTurn(queue: Queue, ids: readonly string[], ports: TurnPorts): Promise<void> {
  const { store, clock, random, metrics } = ports;
  const before = await store.read(ids);
  const watches = before.map((kept) => kept.watch);
  const dueAt = Math.min(...watches.map((watch) => watch.nextLookAt));
  if (Number.isFinite(dueAt)) metrics?.timed({ what: 'turn lateness' }, clock() - dueAt);
  const look = await lookAt(queue, watches, ports);
  const outcome = look.found.ok ? 'seen' : look.found.problem.kind;
  metrics?.counted({ what: 'look', by: 'watch', outcome });
  const decided = decidedOn({ look, now: clock(), random: random() }, ports);
  const after = await store.update(ids, decided.how);
  decided.report(after);
}

type LookedAt = { look: QueueLook; now: number; random: number };

/** What a look makes of watches: `how` changes one and may be called again; `report` once that is committed. */
export function decidedOn(
  moment: LookedAt,
  { settings, log, metrics }: Pick<TurnPorts, 'settings' | 'log' | 'metrics'>,
) {
  const reports = new Map<string, () => void>();

  function reportOf(before: KeptWatch, { watch, tell }: Decision): () => void {
    const { phase, id, queueArn, looks } = watch;
    const isReplaced = before.outbox.edit !== undefined && tell.some(({ kind }) => kind === 'card');
    return () => {
      if (phase !== before.watch.phase)
        log.info({ watch: id, queue: queueArn, phase, looks }, 'a watch has moved on');
      if (isReplaced) metrics?.counted({ what: 'edit dropped' });
    };
  }

  return {
    how: (kept: KeptWatch): KeptWatch => {
      const { watch, outbox } = kept;
      const { look, now, random } = moment;
      reports.delete(watch.id);
      // Two looks may be under way at once, and the one that was sent later may be answered first. What was seen later
      // than now, though, was seen before the clock was set back.
      if (watch.seen && look.at < watch.seen.at && watch.seen.at <= now) return kept;
      const decision = decide({
        watch,
        sighting: sightingOf(look, watch.startedAt),
        settings,
        now,
        random,
      });
      reports.set(watch.id, reportOf(kept, decision));
      return { watch: decision.watch, outbox: remember(outbox, decision.tell, now) };
    },
    report: (committed: readonly KeptWatch[]) => {
      for (const { watch } of committed) reports.get(watch.id)?.();
    },
  };
}
