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
  const after = await store.update(ids, (kept) => decided(kept, moment, ports));
  const told = after.map((kept) => ports.tell(kept.watch.id));
  return { told: Promise.all(told).then(() => undefined) };
}

type Moment = { look: QueueLook; now: number; random: number };

function decided(
  { watch, outbox }: KeptWatch,
  { look, ...moment }: Moment,
  { settings, log, metrics }: TurnPorts,
): KeptWatch {
  const sighting = sightingOf(look, watch.startedAt);
  const decision = decide({ watch, sighting, settings, ...moment });
  const { phase, id, queueArn, looks } = decision.watch;
  if (phase !== watch.phase) log.info({ watch: id, queue: queueArn, phase, looks }, 'a watch has moved on');
  const isReplaced = outbox.edit !== undefined && decision.tell.some(({ kind }) => kind === 'card');
  if (isReplaced) metrics?.counted({ what: 'edit dropped' });
  return { watch: decision.watch, outbox: remember(outbox, decision.tell, moment.now) };
}
