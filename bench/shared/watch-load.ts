import type { MoveTask } from '../../src/domain/move-task.ts';
import type { Queue } from '../../src/domain/queue.ts';
import { decide } from '../../src/domain/watch/decide.ts';
import { newWatch, type Watch } from '../../src/domain/watch/watch.ts';
import { defaultWatchSettings } from '../../src/domain/watch/watch-settings.ts';

const silent = () => undefined;
export const silentLog = { debug: silent, info: silent, warn: silent, error: silent };

export type Load = ReturnType<typeof createLoad>;

type Redrive = { startedAt: number; lengthMs: number };

/** Queues with a redrive each, an SQS that answers at once, and how late each look at it comes. */
export function createLoad(redrives: Redrive[]) {
  const queues = redrives.map((_, index) => queueAt(index));
  /** What the bot must have decided for a watch of the queue: from it follows when its next look is due. */
  const shadows = new Map<string, Watch>();
  let lateness: number[] = [];
  let firstLookAt: number | undefined;
  const seenSinceReset = new Set<string>();

  function noteLook(queue: Queue, task: MoveTask, now: number): void {
    const watch = shadows.get(queue.arn);
    if (!watch) return;
    firstLookAt ??= now;
    seenSinceReset.add(queue.arn);
    lateness.push(Math.max(0, now - watch.nextLookAt));
    const sighting = { kind: 'seen' as const, at: now, calls: 1, position: 0, task, depth: 0 };
    const turn = { watch, sighting, now, settings: defaultWatchSettings, random: 0.5 };
    shadows.set(queue.arn, decide(turn).watch);
  }

  /** What a look at the queue finds now; it is noted when it came. */
  function look(queue: Queue): MoveTask {
    const now = Date.now();
    const task = taskAt(redrives[Number(queue.name.slice(2))], now);
    noteLook(queue, task, now);
    return task;
  }

  return {
    queues,
    look,
    startOf: (index: number) => redrives[index]?.startedAt ?? 0,
    begin(queue: Queue, startedAt: number): void {
      const card = { channel: '', ts: '' };
      shadows.set(queue.arn, newWatch({ id: '', queueArn: queue.arn, startedAt, card, now: Date.now() }));
    },
    /** Forgets what was measured so far. */
    reset(): void {
      lateness = [];
      firstLookAt = undefined;
      seenSinceReset.clear();
    },
    lateness: () => [...lateness].sort((one, other) => one - other),
    firstLookAt: () => firstLookAt,
    queuesSeen: () => seenSinceReset.size,
  };
}

function taskAt(redrive: Redrive | undefined, now: number): MoveTask {
  const { startedAt, lengthMs } = redrive ?? { startedAt: now, lengthMs: 1 };
  const share = Math.min(1, (now - startedAt) / lengthMs);
  const status = share < 1 ? 'RUNNING' : 'COMPLETED';
  return { status, statusText: status, moved: Math.floor(share * 1e6), toMove: 1e6, startedAt };
}

function queueAt(index: number): Queue {
  const name = `q-${index}`;
  return {
    partition: 'aws',
    region: 'eu-west-1',
    accountId: '111122223333',
    name,
    alias: name,
    arn: `arn:aws:sqs:eu-west-1:111122223333:${name}`,
    account: { label: 'prod', id: '111122223333' },
    role: { arn: 'arn:aws:iam::111122223333:role/dlq-tasks-status' },
    channels: [],
  };
}
