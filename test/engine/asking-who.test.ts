import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { AwsError } from '../../src/domain/aws-error.ts';
import type { StartCall } from '../../src/domain/following/start-call.ts';
import type { Queue } from '../../src/domain/queue.ts';
import { defaultWatchSettings } from '../../src/domain/settings.ts';
import type { Announcer, ToAnnounce } from '../../src/operations/following/announce-pending.ts';
import type { Span, StartCalls } from '../../src/operations/following/ask-who-started.ts';
import { type LocalEngine, openEngineIn } from '../support/local-engine.ts';
import { aQueue, aWorld, type World } from './a-world.ts';

const followed = (name: string): Queue => ({ ...aQueue(name), notify: 'C1' });
const queues = ['orders-dlq', 'payments-dlq'].map(followed);
const minute = 60_000;

/** CloudTrail, which is late; `asked` holds minutes since the test began. */
function aTrail(world: World) {
  const began = world.now;
  const trail = {
    calls: [] as StartCall[],
    lateMs: 5 * minute,
    awsError: undefined as AwsError | undefined,
    asked: [] as { minutes: number; queue: string; span: Span }[],
  };
  const find: StartCalls['find'] = async (queue, span) => {
    trail.asked.push({ minutes: (world.now - began) / minute, queue: queue.name, span });
    if (trail.awsError) return { ok: false, awsError: trail.awsError };
    const isKnown = ({ at }: StartCall) => at + trail.lateMs <= world.now && at >= span.from && at <= span.to;
    return { ok: true, value: trail.calls.filter(isKnown) };
  };
  return Object.assign(trail, { startCalls: { find } });
}

const denied: AwsError = {
  kind: 'access-denied',
  service: 'CloudTrail',
  action: 'cloudtrail:LookupEvents',
  roleArn: 'arn:aws:iam::111122223333:role/dlq-tasks-status',
  code: 'AccessDenied',
  detail: '',
};

let world: World;
let trail: ReturnType<typeof aTrail>;
let posted: ToAnnounce[];
let file: string;

beforeEach(() => {
  world = aWorld();
  trail = aTrail(world);
  posted = [];
  file = join(mkdtempSync(join(tmpdir(), 'asking-')), 'watches.sqlite');
  for (const { name } of queues) world.redrives.set(name, []);
});

function open(changes: { startCalls?: StartCalls } = { startCalls: trail.startCalls }): Promise<LocalEngine> {
  const announcer: Announcer = {
    announce: async (what) => {
      posted.push(what);
      return { kind: 'delivered', message: { channel: what.channel, ts: `300.${posted.length}` } };
    },
  };
  return openEngineIn(world, file, queues, {
    settings: { ...defaultWatchSettings, bounceBackAfterSeconds: [] },
    following: { queues, everySeconds: 60, announcer, ...changes },
  });
}

async function pass(watcher: LocalEngine, minutes: number) {
  for (let passed = 0; passed < minutes * 60; passed += 1) {
    world.now += 1000;
    await watcher.tick();
  }
}

function begins(name: string, by: string, length = 3_600) {
  world.redrives.get(name)?.unshift({ length, end: 'COMPLETED', startedAt: world.now + 400 });
  trail.calls.push({ queueArn: followed(name).arn, at: world.now, by });
}

const shownOn = (card = 'C1 300.1') => world.cards.get(card.split(' ')[1] ?? '')?.startedBy;

describe('who started an announced task', () => {
  test('is asked until CloudTrail knows, and then shown on the card, which was posted at once', async () => {
    const watcher = await open();
    begins('orders-dlq', 'ada');
    await pass(watcher, 2);
    expect(posted.map(({ startedBy }) => startedBy)).toEqual([undefined]);
    expect(shownOn()).toBeUndefined();
    await pass(watcher, 4);
    expect(shownOn()).toBe('ada');
    await pass(watcher, 30);
    expect(trail.asked.map(({ minutes }) => Math.round(minutes * 2) / 2)).toEqual([0.5, 2, 5]);
    await watcher.stop();
  });

  test('is still asked after the process is killed, and no answer is lost', async () => {
    const first = await open();
    begins('orders-dlq', 'ada');
    await pass(first, 3);
    await first.stop(0);
    world.now += minute;
    const second = await open();
    await pass(second, 3);
    expect(shownOn()).toBe('ada');
    await second.stop();
  });

  test('is asked once if the bot starts long after', async () => {
    begins('orders-dlq', 'ada', 40_000);
    world.now += 60 * minute;
    const watcher = await open();
    await pass(watcher, 1);
    expect(shownOn()).toBe('ada');
    expect(trail.asked).toHaveLength(1);
    await watcher.stop();
  });

  test('is shown on the final card if the redrive ended before CloudTrail knew', async () => {
    const watcher = await open();
    begins('orders-dlq', 'ada', 90);
    await pass(watcher, 8);
    expect(world.cards.get('300.1')).toMatchObject({ final: true, startedBy: 'ada' });
    await watcher.stop();
  });

  test('is shown on the card if the redrive ended before the bot noticed it', async () => {
    const watcher = await open();
    await pass(watcher, 2.25);
    begins('orders-dlq', 'ada', 2);
    await pass(watcher, 7);
    expect(world.cards.get('300.1')).toMatchObject({
      final: true,
      followed: { endedUnseen: true },
      startedBy: 'ada',
    });
    expect(await watcher.list({})).toEqual([]);
    await watcher.stop();
  });

  test('is asked five times without success, and then not again', async () => {
    const watcher = await open();
    begins('orders-dlq', 'ada');
    trail.lateMs = 60 * minute;
    await pass(watcher, 40);
    expect(trail.asked).toHaveLength(5);
    expect(shownOn()).toBeUndefined();
    expect(world.cards.get('300.1')).toMatchObject({ final: false });
    await watcher.stop();
  });

  test('is asked for all queues of a role and region at once', async () => {
    const watcher = await open();
    begins('orders-dlq', 'ada');
    begins('payments-dlq', 'grace');
    await pass(watcher, 6);
    const names = posted.map(({ queue }, index) => [queue.name, shownOn(`C1 300.${index + 1}`)]);
    expect(Object.fromEntries(names)).toEqual({ 'orders-dlq': 'ada', 'payments-dlq': 'grace' });
    expect(trail.asked.length).toBeLessThanOrEqual(4);
    await watcher.stop();
  });

  test('is asked again if CloudTrail is busy, without telling people', async () => {
    const watcher = await open();
    begins('orders-dlq', 'ada');
    trail.awsError = { ...denied, kind: 'throttled' };
    await pass(watcher, 3);
    trail.awsError = undefined;
    await pass(watcher, 3);
    expect(shownOn()).toBe('ada');
    expect(world.thread).toEqual([]);
    await watcher.stop();
  });

  test('is not asked again for a day if the role may not; the watch does not learn it', async () => {
    const watcher = await open();
    trail.awsError = denied;
    begins('orders-dlq', 'ada');
    await pass(watcher, 20);
    begins('payments-dlq', 'grace');
    await pass(watcher, 20);
    expect(trail.asked).toHaveLength(1);
    expect(posted).toHaveLength(2);
    expect(world.thread).toEqual([]);
    trail.awsError = undefined;
    world.now += 24 * 60 * minute;
    begins('orders-dlq', 'linus');
    await pass(watcher, 7);
    expect(shownOn('C1 300.3')).toBe('linus');
    await watcher.stop();
  });

  test('is not asked where there is nothing to ask', async () => {
    const watcher = await open({});
    begins('orders-dlq', 'ada');
    await pass(watcher, 20);
    expect([posted.length, trail.asked.length]).toEqual([1, 0]);
    await watcher.stop();
  });
});
