import type { Queue } from '../domain/queue.ts';
import { decide } from '../domain/watch/decide.ts';
import { type KeptWatch, remember } from '../domain/watch/outbox.ts';
import { type QueueLook, sightingOf } from '../domain/watch/sighting.ts';
import type { WatchSettings } from '../domain/watch/watch.ts';
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
  /** Tells what a watch has pending, one call at a time for each watch: `tellPending`. It must not reject. */
  tell: (id: string) => Promise<void>;
};

/**
 * The one step of every watch engine: look once at the queue, decide for each of its watches, commit, tell.
 * Resolves once the decisions are durable, so that a slow Slack does not delay the next look; `told` resolves when
 * all that was due has been tried.
 */
export async function takeTurn(
  queue: Queue,
  ids: readonly string[],
  ports: TurnPorts,
): Promise<{ told: Promise<void> }> {
  const { store, clock, random, metrics } = ports;
  const before = await store.read(ids);
  const watches = before.map((kept) => kept.watch);
  const dueAt = Math.min(...watches.map((watch) => watch.nextLookAt));
  if (Number.isFinite(dueAt)) metrics?.timed({ what: 'turn lateness' }, clock() - dueAt);
  const look = await lookAt(queue, watches, ports);
  const outcome = look.found.ok ? 'seen' : look.found.problem.kind;
  metrics?.counted({ what: 'look', by: 'watch', outcome });
  const moment = { look, now: clock(), random: random() };
  const after = await store.update(ids, (kept) => afterLook(kept, moment, ports));
  const told = after.map((kept) => ports.tell(kept.watch.id));
  return { told: Promise.all(told).then(() => undefined) };
}

export type LookedAt = { look: QueueLook; now: number; random: number };

/** What becomes of a watch and its outbox by a look at its queue, its own or a person's. */
export function afterLook(
  kept: KeptWatch,
  { look, ...moment }: LookedAt,
  { settings, log, metrics }: Pick<TurnPorts, 'settings' | 'log' | 'metrics'>,
): KeptWatch {
  const { watch, outbox } = kept;
  // Two looks may be under way at once, and the one that was sent later may be answered first.
  if (watch.seen && look.at < watch.seen.at) return kept;
  const sighting = sightingOf(look, watch.startedAt);
  const decision = decide({ watch, sighting, settings, ...moment });
  const { phase, id, queueArn, looks } = decision.watch;
  if (phase !== watch.phase) log.info({ watch: id, queue: queueArn, phase, looks }, 'a watch has moved on');
  const isReplaced = outbox.edit !== undefined && decision.tell.some(({ kind }) => kind === 'card');
  if (isReplaced) metrics?.counted({ what: 'edit dropped' });
  return { watch: decision.watch, outbox: remember(outbox, decision.tell, moment.now) };
}
