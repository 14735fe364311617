import { nowhere } from '../domain/message-place.ts';
import type { Queue } from '../domain/queue.ts';
import type { WatchSettings } from '../domain/settings.ts';
import { decide } from '../domain/watch/decide.ts';
import { observationOf, type QueuePoll } from '../domain/watch/observation.ts';
import { newWatch, type Watch } from '../domain/watch/watch.ts';
import type { HistoryStore } from './history.ts';
import type { Log } from './log.ts';
import { type EndRecorder, recordEnd } from './record-end.ts';
import { type PollPorts, pollQueue } from './watching/poll-queue.ts';
import type { ExpectedEnds, Redrive } from './watching/watch-store.ts';
import type { Watches } from './watching/watches.ts';

/** From now on the end of this redrive will be recorded. It may be called again with the same. */
export type ExpectEnd = (redrive: Redrive & { startedBy?: string }) => Promise<void>;

export function expectingEnds({ ends, clock }: { ends: ExpectedEnds; clock: () => number }): ExpectEnd {
  return ({ queueArn, startedAt, startedBy }) =>
    ends.change({ queueArn, startedAt }, (before) => {
      const id = `${queueArn}/${startedAt}`;
      const watch = before ?? newWatch({ id, queueArn, startedAt, card: nowhere, now: clock() });
      const isNews = startedBy !== undefined && watch.followed?.startedBy !== startedBy;
      return isNews ? { ...watch, followed: { ...watch.followed, startedBy } } : watch;
    });
}

export type RecordExpectedPorts = PollPorts &
  EndRecorder & {
    ends: ExpectedEnds;
    history: HistoryStore;
    watches: Pick<Watches, 'list'>;
    queueOf: (arn: string) => Queue | undefined;
    settings: WatchSettings;
    random: () => number;
    log: Log;
  };

/** Polls for the expected ends that are due and that no watch of a card will see, and records them. It never rejects. */
export async function recordExpectedEnds(ports: RecordExpectedPorts): Promise<void> {
  const { ends, clock, log } = ports;
  const failed = (error: unknown) => log.error({ err: error }, 'could not record redrives; retrying');
  const all = await ends.all().catch((error: unknown) => failed(error) ?? []);
  const due = all.filter(({ nextPollAt }) => nextPollAt <= clock());
  for (const [queueArn, expected] of Map.groupBy(due, (watch) => watch.queueArn))
    await recordEndsOf(queueArn, expected, ports).catch(failed);
}

async function recordEndsOf(
  queueArn: string,
  expected: readonly Watch[],
  ports: RecordExpectedPorts,
): Promise<void> {
  const { ends, history, watches, queueOf, settings, clock, random } = ports;
  const watched = startsIn(await watches.list({ queueArn }));
  const recorded = startsIn(await history.list({ queueArn, atMost: 20 }));
  const queue = queueOf(queueArn);
  const unseen = expected.filter(({ startedAt }) => !watched.has(startedAt));
  const isNeedless = ({ end, startedAt }: Watch) => !queue || (!end && recorded.has(startedAt));
  for (const watch of unseen.filter(isNeedless)) await ends.change(watch, over);
  const toPoll = unseen.filter((watch) => !isNeedless(watch));
  if (!queue || toPoll.length === 0) return;
  const poll = await pollQueue(queue, toPoll, ports);
  const polled = { poll, settings, now: clock(), random: random() };
  for (const watch of toPoll) {
    await recordEnd(after(watch, polled), ports);
    await ends.change(watch, (newest) => after(newest ?? watch, polled));
  }
}

function startsIn(redrives: readonly Redrive[]): ReadonlySet<number> {
  return new Set(redrives.map(({ startedAt }) => startedAt));
}

function over(watch: Watch | undefined): Watch {
  if (!watch) throw new Error('An expected end is gone.');
  return { ...watch, phase: 'over' };
}

type Polled = { poll: QueuePoll; settings: WatchSettings; now: number; random: number };

/** No one is notified. */
function after(watch: Watch, { poll, ...moment }: Polled): Watch {
  return decide({ watch, observation: observationOf(poll, watch.startedAt), ...moment }).watch;
}
