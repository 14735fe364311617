import type { AwsError, Outcome } from '../../src/domain/aws-error.ts';
import type { DeliveryResult } from '../../src/domain/delivery.ts';
import type { CardPlace } from '../../src/domain/message-place.ts';
import type { MoveTask } from '../../src/domain/move-task.ts';
import type { MoveTaskStatus } from '../../src/domain/move-task-status.ts';
import type { Queue } from '../../src/domain/queue.ts';
import type { Notification } from '../../src/domain/watch/notification.ts';
import type { Log } from '../../src/operations/log.ts';
import type { MoveTasks } from '../../src/operations/move-tasks.ts';
import type { Delivery, Notifier } from '../../src/operations/watching/notifier.ts';
import { denied, noon } from '../domain/watch/a-watch.ts';

export function aQueue(name = 'orders-dlq'): Queue {
  return {
    alias: name,
    name,
    arn: `arn:aws:sqs:eu-west-1:111122223333:${name}`,
    partition: 'aws',
    region: 'eu-west-1',
    accountId: '111122223333',
    account: { label: 'prod', id: '111122223333' },
    role: { arn: 'arn:aws:iam::111122223333:role/dlq-tasks-status' },
    channels: [],
  };
}

export const aCard = (ts = '100.1'): CardPlace => ({ channel: 'C1', ts });

/** A redrive of one message a second that begins at noon. */
export type Redrive = { length: number; end: MoveTaskStatus; startedAt: number };
type Posted = { key: string; notification: Notification; watchers: readonly string[]; ts: string };
type Fault = DeliveryResult | 'throws' | 'posts-then-throws' | 'hangs';

/** SQS, Slack and a clock, all controlled by a test. */
export function aWorld() {
  const world = {
    now: noon,
    redrives: new Map<string, Redrive[]>(),
    depth: 0,
    awsError: undefined as AwsError | undefined,
    lists: [] as { queue: string; atMost: number }[],
    depths: 0,
    hangs: new Set<string>(),
    /** The thread: what people see, and where a message is found by its key. */
    thread: [] as Posted[],
    searches: 0,
    /** What people get as direct messages. */
    directs: [] as { user: string; kind: Notification['kind'] }[],
    cards: new Map<string, Extract<Delivery, { kind: 'card' }>['state']>(),
    edits: 0,
    corrections: 0,
    faults: [] as Fault[],
    log: [] as string[],
  };
  const list = async (queue: Queue, atMost: number): Promise<Outcome<MoveTask[]>> => {
    world.lists.push({ queue: queue.name, atMost });
    if (world.hangs.has(queue.name)) return new Promise(() => undefined);
    if (world.awsError) return { ok: false, awsError: world.awsError };
    const redrives = world.redrives.get(queue.name) ?? [{ length: 30, end: 'COMPLETED', startedAt: noon }];
    return { ok: true, value: redrives.map((redrive) => taskOf(redrive, world.now)).slice(0, atMost) };
  };
  const depth = async () => {
    world.depths += 1;
    return { ok: true as const, value: { waiting: world.depth, inFlight: 0, delayed: 0 } };
  };
  const moveTasks: MoveTasks = { list, depth };
  const notifier: Notifier = { notify: async (what) => delivered(world, what) };
  return Object.assign(world, { moveTasks, notifier, clock: () => world.now, logger: logInto(world.log) });
}
export type World = ReturnType<typeof aWorld>;

/** Time goes on, and the engine does whatever is due until then. */
export async function pass(
  world: World,
  engine: { tick(): Promise<void> },
  seconds: number,
  step = 1,
): Promise<void> {
  for (let passed = 0; passed < seconds; passed += step) {
    world.now += step * 1_000;
    await engine.tick();
  }
}

type Facts = Pick<World, 'thread' | 'searches' | 'directs' | 'cards' | 'edits' | 'corrections' | 'faults'>;

async function delivered(world: Facts, what: Delivery): Promise<DeliveryResult> {
  const fault = what.kind === 'card' || what.kind === 'direct' ? undefined : world.faults.shift();
  if (fault === 'throws') throw new Error('socket hang up');
  if (fault === 'hangs') return new Promise(() => undefined);
  if (fault && fault !== 'posts-then-throws') return fault;
  const answer = put(world, what);
  if (fault === 'posts-then-throws') throw new Error('read ECONNRESET');
  return answer;
}

function put(world: Facts, what: Delivery): DeliveryResult {
  if (what.kind === 'card') {
    world.edits += 1;
    world.cards.set(what.card.ts, what.state);
    return { kind: 'delivered' };
  }
  if (what.kind === 'correction') {
    world.corrections += 1;
    world.thread = world.thread.map((one) =>
      one.ts === what.message.ts ? { ...one, notification: what.notification } : one,
    );
    return { kind: 'delivered' };
  }
  if (what.kind === 'direct') {
    world.directs.push({ user: what.user, kind: what.notification.kind });
    return { kind: 'delivered', message: { channel: `D${what.user}`, ts: '1.1' } };
  }
  if (what.doubt) world.searches += 1;
  const known = what.doubt ? world.thread.find((one) => one.key === what.key) : undefined;
  const ts = known?.ts ?? `200.${world.thread.length}`;
  if (!known)
    world.thread.push({ key: what.key, notification: what.notification, watchers: what.watchers, ts });
  return { kind: 'delivered', message: { channel: what.card.channel, ts }, ...(known && { found: true }) };
}

function taskOf({ length, end, startedAt }: Redrive, now: number): MoveTask {
  const moved = Math.min(length, Math.max(0, Math.floor((now - startedAt) / 1000)));
  const status = moved < length ? 'RUNNING' : end;
  return { status, statusText: status, moved, toMove: length, startedAt };
}

function logInto(lines: string[]): Log {
  const write = (facts: Record<string, unknown>, message: string) => {
    const { err } = facts;
    lines.push(err instanceof Error ? `${message}: ${err.message}` : message);
  };
  return { debug: write, info: () => undefined, warn: write, error: write };
}

export const accessDenied = denied;

export function kindsIn(thread: readonly Posted[]): string[] {
  return thread.map((one) =>
    one.notification.kind === 'joined' ? `joined ${one.notification.user}` : one.notification.kind,
  );
}
