import type { Queue } from '../../domain/queue.ts';
import type { WatchSettings } from '../../domain/settings.ts';
import { decide } from '../../domain/watch/decide.ts';
import type { Decision } from '../../domain/watch/notification.ts';
import { observationOf, type QueuePoll } from '../../domain/watch/observation.ts';
import { addToOutbox, type StoredWatch } from '../../domain/watch/outbox.ts';
import { awsFacts } from '../aws-error-facts.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { type PollPorts, pollQueue } from './poll-queue.ts';
import type { WatchStore } from './watch-store.ts';

export type TickPorts = PollPorts & {
  store: WatchStore;
  settings: WatchSettings;
  log: Log;
  metrics?: Metrics;
  /** 0 to 1, for the jitter. */
  random: () => number;
};

/**
 * The one step of every watch engine: poll the queue once, decide for each of its watches, commit.
 * Resolves once the decisions are durable. Their notifications are then in the outbox, due at once.
 */
export async function tick(queue: Queue, ids: readonly string[], ports: TickPorts): Promise<void> {
  const { store, clock, random, metrics } = ports;
  const before = await store.read(ids);
  const watches = before.map((stored) => stored.watch);
  const dueAt = Math.min(...watches.map((watch) => watch.nextPollAt));
  if (Number.isFinite(dueAt)) metrics?.timed({ what: 'tick lateness' }, clock() - dueAt);
  const poll = await pollQueue(queue, watches, ports);
  const outcome = poll.found.ok ? 'seen' : poll.found.awsError.kind;
  metrics?.counted({ what: 'poll', by: 'watch', outcome });
  const decided = decisionsOn({ poll, now: clock(), random: random() }, ports);
  const after = await store.update(ids, decided.how);
  decided.report(after);
}

/** What a poll changes. `how` changes one watch and may be called again; call `report` once that is committed. */
export function decisionsOn(
  moment: { poll: QueuePoll; now: number; random: number },
  { settings, log, metrics }: Pick<TickPorts, 'settings' | 'log' | 'metrics'>,
) {
  const reports = new Map<string, () => void>();

  function reportOf(before: StoredWatch, { watch, send }: Decision): () => void {
    const { phase, id, queueArn, polls } = watch;
    const startsToFail = before.watch.cannotPoll === undefined ? watch.cannotPoll : undefined;
    const isReplaced = before.outbox.cardUpdate !== undefined && send.some(({ kind }) => kind === 'card');
    return () => {
      if (phase !== before.watch.phase)
        log.info({ watch: id, queue: queueArn, phase, polls }, 'watch changed phase');
      if (startsToFail)
        log.warn(
          { watch: id, queue: queueArn, aws: [awsFacts(startsToFail.awsError)] },
          'could not poll a watched redrive; retrying',
        );
      if (isReplaced) metrics?.counted({ what: 'card update dropped' });
    };
  }

  return {
    how: (stored: StoredWatch): StoredWatch => {
      const { watch, outbox } = stored;
      const { poll, now, random } = moment;
      reports.delete(watch.id);
      // Two polls may run at once, and the later one may be answered first. An observation from the future, however,
      // was made before the clock was set back.
      if (watch.seen && poll.at < watch.seen.at && watch.seen.at <= now) return stored;
      const decision = decide({
        watch,
        observation: observationOf(poll, watch.startedAt),
        settings,
        now,
        random,
      });
      reports.set(watch.id, reportOf(stored, decision));
      return { watch: decision.watch, outbox: addToOutbox(outbox, decision.send, now) };
    },
    report: (committed: readonly StoredWatch[]) => {
      for (const { watch } of committed) reports.get(watch.id)?.();
    },
  };
}
