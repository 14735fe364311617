import type { DurableExecutionConfig, DurableLambdaHandler } from '@aws/durable-execution-sdk-js';
import * as z from 'zod';
import type { WatchSettings } from '../../domain/settings.ts';
import {
  dueNotifications,
  isPending,
  nextNotificationAt,
  nextPollOf,
  type StoredWatch,
} from '../../domain/watch/outbox.ts';
import { type WatchForbidden, type WatchRules, whyForbidden } from '../../operations/access.ts';
import type { Log } from '../../operations/log.ts';
import type { MoveTasks } from '../../operations/move-tasks.ts';
import { type EndRecorder, recordEnd } from '../../operations/record-end.ts';
import {
  deliverCardUpdate,
  deliverNotification,
  type NotifyPorts,
} from '../../operations/watching/deliver-outbox.ts';
import type { Notifier } from '../../operations/watching/notifier.ts';
import { tick } from '../../operations/watching/tick.ts';
import {
  type RunStore,
  type StartWatch,
  Superseded,
  UnreadableRow,
  type WatchRun,
} from '../../operations/watching/watch-store.ts';
import { forbidden, logForbidden } from '../../operations/watching/watches.ts';
import { createDurableRuns, type DurableRun, type HandOver, type Next } from './durable-runs.ts';

/** What a run needs from outside. Requested at each use, because secrets may have been renewed meanwhile. */
export type RunParts = {
  moveTasks: MoveTasks;
  notifier: Notifier;
  settings: WatchSettings;
  rules: WatchRules;
};
type RunPorts = {
  parts: () => Promise<RunParts>;
  storeOf: (run: WatchRun) => RunStore;
  start: StartWatch;
  clock: () => number;
  random: () => number;
  log: Log;
  /** Whether a newer deployment has other rules than this version's settings. */
  rulesHaveChanged: () => Promise<boolean>;
  /** Where the redrive is recorded once it has ended. Absent: nowhere. */
  ended?: EndRecorder;
};

const Run = z.object({ watch: z.string(), run: z.number() });

export function createDurableWatch(
  ports: RunPorts & HandOver,
  config?: DurableExecutionConfig,
): DurableLambdaHandler {
  return createDurableRuns((event) => createWatchRun(Run.parse(event), ports), ports, config);
}

const busySeconds = 2;
const afterFailureSeconds = 30;

/** A round rejects only if the row can't be read; any other failure is retried and never ends a watch. */
function createWatchRun(run: WatchRun, ports: RunPorts): DurableRun {
  const store = ports.storeOf(run);

  async function whileHolding<T>(busy: T, work: (parts: RunParts) => Promise<T>): Promise<T> {
    if ((await store.hold()) === 'busy') return busy;
    try {
      return await work(await ports.parts());
    } finally {
      await store.letGo();
    }
  }

  async function safely<T>(instead: { superseded: T; failed: T }, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Superseded) return instead.superseded;
      // Retrying would not help: the execution fails, which Lambda counts, and a click starts the watch again.
      if (error instanceof UnreadableRow) {
        ports.log.error({ watch: run.watch, err: error }, 'stored watch is unreadable');
        throw error;
      }
      ports.log.error({ watch: run.watch, err: error }, 'unexpected error in a watch; retrying');
      return instead.failed;
    }
  }

  return {
    rounds: 'look',
    /** Polls if a poll is due, and updates the card unless there is a notification to deliver first. */
    round: ({ isFresh }) =>
      safely<Next>(
        { superseded: { kind: 'over' }, failed: { kind: 'wait', seconds: afterFailureSeconds } },
        async () => {
          if (!isFresh && (await ports.rulesHaveChanged())) return { kind: 'hand-over' };
          return whileHolding<Next>({ kind: 'wait', seconds: busySeconds }, (parts) =>
            pollAndShow(run.watch, store, { ...ports, ...parts }),
          );
        },
      ),
    notify: (key) =>
      safely<boolean>({ superseded: false, failed: false }, () =>
        whileHolding<boolean>(false, ({ notifier, rules }) =>
          deliverIfDue(run.watch, key, { ...ports, store, notifier, rules }),
        ),
      ),
    handOverIfPossible: () =>
      safely<boolean>({ superseded: true, failed: false }, async () => {
        await ports.start(await store.successor());
        return true;
      }),
    handOver: async () => {
      try {
        await ports.start(await store.successor());
      } catch (error) {
        if (!(error instanceof Superseded)) throw error;
      }
    },
  };
}

/** After a crash the post may still be on its way to Slack; the notification is then not due yet. */
async function deliverIfDue(id: string, key: string, ports: NotifyPorts): Promise<boolean> {
  const [stored] = await ports.store.read([id]);
  if (!stored?.outbox.notifications.some((one) => one.key === key && isPending(one))) return true;
  if (!dueNotifications(stored.outbox, ports.clock()).some((one) => one.key === key)) return false;
  return deliverNotification(id, key, ports);
}

type LookPorts = Omit<RunPorts, 'parts'> & RunParts;

async function pollAndShow(id: string, store: RunStore, ports: LookPorts): Promise<Next> {
  const [before] = await store.read([id]);
  const why = before && whyForbidden(before.watch, ports.rules);
  if (before && why) await endForbidden(before, why, store, ports);
  else if (before && (nextPollOf(before) ?? Infinity) <= ports.clock()) await poll(before, store, ports);
  const [stored] = await store.read([id]);
  if (!stored) return { kind: 'over' };
  const isRecorded = await recorded(stored, ports);
  const due = dueNotifications(stored.outbox, ports.clock()).map(({ key }) => key);
  if (due.length > 0) return { kind: 'tell', keys: due };
  await deliverCardUpdate(id, ports.clock(), { ...ports, store });
  const [after] = await store.read([id]);
  const next: Next = after ? nextOf(after, ports.clock()) : { kind: 'over' };
  return next.kind === 'over' && !isRecorded ? { kind: 'wait', seconds: afterFailureSeconds } : next;
}

/** No one waits for the history. If a run was killed before it recorded, its repetition records it. */
async function recorded({ watch }: StoredWatch, { ended, log }: LookPorts): Promise<boolean> {
  try {
    if (ended) await recordEnd(watch, ended);
    return true;
  } catch (error) {
    log.error({ watch: watch.id, queue: watch.queueArn, err: error }, 'could not record a redrive; retrying');
    return false;
  }
}

async function poll({ watch }: StoredWatch, store: RunStore, ports: LookPorts): Promise<void> {
  const queue = ports.rules.queueOf(watch.queueArn);
  if (queue) await tick(queue, [watch.id], { ...ports, store });
}

async function endForbidden(before: StoredWatch, why: WatchForbidden, store: RunStore, ports: LookPorts) {
  if (before.watch.forbidden) return;
  await store.update([before.watch.id], (stored) => forbidden(stored, ports.clock()));
  logForbidden(ports.log, before, why);
}

function nextOf(stored: StoredWatch, now: number): Next {
  const times = [nextPollOf(stored), nextNotificationAt(stored.outbox), stored.outbox.cardUpdate?.notBefore];
  const at = Math.min(...times.filter((time) => time !== undefined));
  return at === Infinity
    ? { kind: 'over' }
    : { kind: 'wait', seconds: Math.max(1, Math.ceil((at - now) / 1000)) };
}
