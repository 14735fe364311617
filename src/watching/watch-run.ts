import { dueNotices, isPending, type KeptWatch, nextLookOf, nextNoticeAt } from '../domain/watch/outbox.ts';
import type { WatchSettings } from '../domain/watch/watch-settings.ts';
import { type WatchForbidden, type WatchRules, whyForbidden } from '../operations/access.ts';
import type { Log } from '../operations/log.ts';
import type { MoveTasks } from '../operations/move-tasks.ts';
import { takeTurn } from '../operations/take-turn.ts';
import type { StartWatch, WatchRun } from '../operations/watching/start-watch.ts';
import { type TellPorts, tellCard, tellNotice } from '../operations/watching/tell-pending.ts';
import type { Teller } from '../operations/watching/teller.ts';
import type { WatchRows } from '../operations/watching/watch-rows.ts';
import { createRunStore, type RunStore, Superseded } from './run-store.ts';
import { forbidden, logForbidden } from './watch-changes.ts';
import { UnreadableRow } from './watch-row.ts';

/** What a run needs from outside, asked for at each use, since secrets may have been renewed meanwhile. */
export type RunParts = {
  moveTasks: MoveTasks;
  teller: Teller;
  settings: WatchSettings;
  rules: WatchRules;
};
export type RunPorts = {
  parts: () => Promise<RunParts>;
  rows: WatchRows;
  clock: () => number;
  random: () => number;
  log: Log;
  /** Whether a newer deployment has other rules than this version's settings. */
  rulesHaveChanged: () => Promise<boolean>;
};

/** What comes next. Plain data: it is stored between two looks. */
export type Next =
  | { kind: 'wait'; seconds: number }
  | { kind: 'tell'; keys: string[] }
  | { kind: 'hand-over' }
  | { kind: 'over' };

const busySeconds = 2;
const afterFailureSeconds = 30;

/** The work of one run, in pieces that reject only for a row that cannot be read: any other failure is worth another try, and never the end of a watch. */
export function createWatchRun(run: WatchRun, ports: RunPorts) {
  const store = createRunStore(run, ports);

  async function heldFor<T>(busy: T, work: (parts: RunParts) => Promise<T>): Promise<T> {
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
      // Trying again would not help: the execution fails, which Lambda counts, and a click takes the watch up again.
      if (error instanceof UnreadableRow) {
        ports.log.error({ watch: run.watch, err: error }, 'a stored watch cannot be read');
        throw error;
      }
      ports.log.error({ watch: run.watch, err: error }, 'a piece of a watch failed and is tried again');
      return instead.failed;
    }
  }

  return {
    /**
     * Looks if a look is due, and edits the card unless there is a notice to tell first. A run that was started just now
     * (`isFresh`) has the newest settings there are, whatever the table says.
     */
    look: ({ isFresh }: { isFresh: boolean }): Promise<Next> =>
      safely<Next>(
        { superseded: { kind: 'over' }, failed: { kind: 'wait', seconds: afterFailureSeconds } },
        async () => {
          if (!isFresh && (await ports.rulesHaveChanged())) return { kind: 'hand-over' };
          return heldFor<Next>({ kind: 'wait', seconds: busySeconds }, (parts) =>
            lookAndShow(run.watch, store, { ...ports, ...parts }),
          );
        },
      ),
    /** Tells one notice. False: those behind it must wait. */
    tell: (key: string): Promise<boolean> =>
      safely<boolean>({ superseded: false, failed: false }, () =>
        heldFor<boolean>(false, ({ teller, rules }) =>
          tellIfDue(run.watch, key, { ...ports, store, teller, rules }),
        ),
      ),
    /** Whether another run goes on with newer settings. */
    handOverIfPossible: (start: StartWatch): Promise<boolean> =>
      safely<boolean>({ superseded: true, failed: false }, async () => {
        await start(await store.successor());
        return true;
      }),
    /** Rejects when the run that is to go on could not be started. */
    handOver: async (start: StartWatch): Promise<void> => {
      try {
        await start(await store.successor());
      } catch (error) {
        if (!(error instanceof Superseded)) throw error;
      }
    },
  };
}
export type RunOfWatch = ReturnType<typeof createWatchRun>;

/** After a crash the post may still be on its way to the thread: then it is not due yet. */
async function tellIfDue(id: string, key: string, ports: TellPorts): Promise<boolean> {
  const [kept] = await ports.store.read([id]);
  if (!kept?.outbox.notices.some((one) => one.key === key && isPending(one))) return true;
  if (!dueNotices(kept.outbox, ports.clock()).some((one) => one.key === key)) return false;
  return tellNotice(id, key, ports);
}

type LookPorts = Omit<RunPorts, 'parts'> & RunParts;

async function lookAndShow(id: string, store: RunStore, ports: LookPorts): Promise<Next> {
  const [before] = await store.read([id]);
  const why = before && whyForbidden(before.watch, ports.rules);
  if (before && why) await endForbidden(before, why, store, ports);
  else if (before && isDue(before, ports.clock())) await look(before, store, ports);
  const [kept] = await store.read([id]);
  if (!kept) return { kind: 'over' };
  const due = dueNotices(kept.outbox, ports.clock()).map(({ key }) => key);
  if (due.length > 0) return { kind: 'tell', keys: due };
  await tellCard(id, ports.clock(), { ...ports, store });
  const [after] = await store.read([id]);
  return after ? nextOf(after, ports.clock()) : { kind: 'over' };
}

function isDue(kept: KeptWatch, now: number): boolean {
  const at = nextLookOf(kept);
  return at !== undefined && at <= now;
}

async function look({ watch }: KeptWatch, store: RunStore, ports: LookPorts): Promise<void> {
  const queue = ports.rules.queueOf(watch.queueArn);
  if (queue) await takeTurn(queue, [watch.id], { ...ports, store });
}

async function endForbidden(before: KeptWatch, why: WatchForbidden, store: RunStore, ports: LookPorts) {
  if (before.watch.forbidden) return;
  await store.update([before.watch.id], (kept) => forbidden(kept, ports.clock()));
  logForbidden(ports.log, before, why);
}

function nextOf(kept: KeptWatch, now: number): Next {
  const times = [nextLookOf(kept), nextNoticeAt(kept.outbox), kept.outbox.edit?.notBefore];
  const at = Math.min(...times.filter((time) => time !== undefined));
  return at === Infinity
    ? { kind: 'over' }
    : { kind: 'wait', seconds: Math.max(1, Math.ceil((at - now) / 1000)) };
}
