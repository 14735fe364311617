import { beforeEach, describe, expect, test } from 'vitest';
import type { Outcome } from '../../../src/domain/aws-error.ts';
import type { PostResult } from '../../../src/domain/delivery.ts';
import type { MoveTask } from '../../../src/domain/move-task.ts';
import type { Queue } from '../../../src/domain/queue.ts';
import type { StoredWatch } from '../../../src/domain/watch/outbox.ts';
import { createStartEventsHandler } from '../../../src/entry/lambda/handle-start-events.ts';
import type { ToAnnounce } from '../../../src/operations/following/announce-pending.ts';
import type { WatchRun } from '../../../src/operations/watching/watch-store.ts';
import { createDynamodbFollowStore } from '../../../src/storage/dynamodb/dynamodb-follow-store.ts';
import { changeRow } from '../../../src/storage/dynamodb/dynamodb-run-store.ts';
import { createDynamodbWatches } from '../../../src/storage/dynamodb/dynamodb-watches.ts';
import { createLocalTable } from '../../storage/local-table.ts';
import { rowsOf } from '../../storage/table-rows.ts';
import { anAwsError, aQueue, aTask, now } from '../../support/builders.ts';
import { recordedLog } from '../../support/recorded.ts';

const followed = aQueue({ name: 'payments-dlq', notify: 'C1' });
const unfollowed = aQueue({ name: 'orders-dlq' });
const second = 1000;

/** Slack's channel, SQS, the table and the clock, and as many instances of the function as a test starts. */
function aWorld() {
  const world = {
    now,
    tasks: { ok: true, value: [] } as Outcome<MoveTask[]>,
    posted: [] as ToAnnounce[],
    faults: [] as (PostResult | 'posts-then-dies' | 'slowly')[],
    runs: [] as WatchRun[],
    startFails: 0,
    pauses: 0,
  };
  const { log, lines } = recordedLog();
  const rows = rowsOf(createLocalTable());
  const clock = () => world.now;
  const start = async (run: WatchRun) => {
    if (world.startFails > 0) {
      world.startFails -= 1;
      throw new Error('Lambda answered 429');
    }
    world.runs.push(run);
  };

  async function announce(what: ToAnnounce): Promise<PostResult> {
    const fault = world.faults.shift();
    if (typeof fault === 'object') return fault;
    const known = what.doubt ? world.posted.findIndex(({ key }) => key === what.key) : -1;
    if (known < 0) world.posted.push(what);
    const ts = `300.${known < 0 ? world.posted.length - 1 : known}`;
    if (fault === 'posts-then-dies') return new Promise(() => undefined);
    if (fault === 'slowly') await new Promise((resolve) => setTimeout(resolve, 20));
    return { kind: 'delivered', message: { channel: what.channel, ts } };
  }

  /** Time passes while a function waits. */
  const pause = async (ms: number) => {
    world.pauses += 1;
    world.now += ms;
    await new Promise((resolve) => setTimeout(resolve, 5));
  };
  let instances = 0;
  const hears = (event: unknown) => {
    instances += 1;
    const holder = `instance-${instances}`;
    return createStartEventsHandler({
      queues: async (): Promise<Queue[]> => [followed, unfollowed],
      ports: async () => ({
        moveTasks: {
          list: async () => world.tasks,
          depth: async () => ({ ok: true, value: { waiting: 3, inFlight: 0, delayed: 0 } }),
        },
        announcer: { announce },
        clock,
        random: () => 0.5,
        log,
        pause,
      }),
      store: () => createDynamodbFollowStore({ rows, start, clock, log, holder }),
      clock,
      log,
    })(event);
  };
  const watches = createDynamodbWatches({ rows, start, clock, log });
  /** Leaves the watch as its run would in the end. */
  const ends = async () => {
    for (const row of await rows.live())
      await changeRow(
        rows,
        row,
        clock,
        (shared) => shared && { ...shared, stored: withPhaseOver(shared.stored) },
      );
  };
  return Object.assign(world, { hears, lines, watches, ends });
}

const withPhaseOver = ({ watch, outbox }: StoredWatch): StoredWatch => ({
  watch: { ...watch, phase: 'over' },
  outbox,
});

const event = (at = now, changes: object = {}) => ({
  detail: {
    eventSource: 'sqs.amazonaws.com',
    eventName: 'StartMessageMoveTask',
    eventTime: new Date(at).toISOString(),
    userIdentity: { type: 'IAMUser', userName: 'Ada' },
    requestParameters: { sourceArn: followed.arn },
    ...changes,
  },
});

let world: ReturnType<typeof aWorld>;
beforeEach(() => {
  world = aWorld();
});
const lists = (...tasks: MoveTask[]) => {
  world.tasks = { ok: true, value: tasks };
};
const running = (startedAt = now + 300, given: Partial<MoveTask> = {}) => aTask({ startedAt, ...given });
const cards = () => world.posted.map(({ seen, startedBy }) => [seen.task.startedAt, startedBy]);

describe('an event about a started task', () => {
  test('becomes a card that says who started it, and a watch for the channel', async () => {
    lists(running());
    await world.hears(event());
    expect(cards()).toEqual([[now + 300, 'Ada']]);
    const [watch, ...others] = await world.watches.list({});
    expect([watch, others]).toMatchObject([
      {
        card: { channel: 'C1', ts: '300.0' },
        watchers: [],
        followed: { startedBy: 'Ada' },
        phase: 'running',
      },
      [],
    ]);
    expect(world.runs).toHaveLength(1);
  });

  test('may name the queue only in its task handle, with an empty error code, and the handle is never logged', async () => {
    const sourceArn = followed.arn;
    const taskHandle = Buffer.from(JSON.stringify({ taskId: '1', sourceArn })).toString('base64');
    lists(running());
    await world.hears(
      event(now, { errorCode: '', requestParameters: null, responseElements: { taskHandle } }),
    );
    expect(cards()).toEqual([[now + 300, 'Ada']]);
    expect(JSON.stringify([world.lines, world.posted])).not.toContain(taskHandle);
  });

  test('is one card if it comes again', async () => {
    lists(running());
    for (let times = 0; times < 3; times += 1) await world.hears(event());
    expect(cards()).toHaveLength(1);
    expect(world.runs).toHaveLength(1);
  });

  test('names no one if it comes again after someone else has started the next task', async () => {
    lists(running());
    await world.hears(event());
    const next = now + 30 * second;
    lists(running(next + 300), running(now + 300, { status: 'COMPLETED' }));
    world.now = next + second;
    await world.hears(event());
    expect(cards()).toEqual([
      [now + 300, 'Ada'],
      [next + 300, undefined],
    ]);
  });

  test('names who started the task on a card that the previous event posted, once', async () => {
    const next = now + 30 * second;
    const grace = { userIdentity: { type: 'IAMUser', userName: 'Grace' } };
    lists(running(next + 300), running(now + 300, { status: 'COMPLETED' }));
    world.now = next + second;
    await world.hears(event());
    await world.hears(event(next, grace));
    await world.hears(event(next, grace));
    expect(cards()).toEqual([
      [now + 300, 'Ada'],
      [next + 300, undefined],
    ]);
    expect(await world.watches.list({})).toMatchObject([{ followed: { startedBy: 'Grace' } }]);
    expect(world.runs).toHaveLength(2);
  });

  test('does not remove the name from a waiting card if it comes again', async () => {
    lists(running());
    await world.hears(event());
    const next = now + 30 * second;
    lists(running(next + 300), running(now + 300, { status: 'COMPLETED' }));
    world.now = next + second;
    const grace = { userIdentity: { type: 'IAMUser', userName: 'Grace' } };
    world.faults.push({
      kind: 'retry-later',
      because: 'rate-limited',
      afterMs: 40 * second,
      maybeDelivered: false,
      why: 'rate limited',
    });
    await expect(world.hears(event(next, grace))).rejects.toThrow('could not be posted yet');
    await expect(world.hears(event())).rejects.toThrow('could not be posted yet');
    world.now += 41 * second;
    await world.hears(event());
    expect(cards()).toEqual([
      [now + 300, 'Ada'],
      [next + 300, 'Grace'],
    ]);
  });

  test('is one card if it comes several times at once, while the others wait', async () => {
    lists(running());
    world.faults.push('slowly');
    await Promise.all([world.hears(event()), world.hears(event()), world.hears(event())]);
    expect(cards()).toHaveLength(1);
    expect(world.pauses).toBeGreaterThan(0);
  });

  test('is one card after a retry if the process died with the card posted', async () => {
    lists(running());
    world.faults.push('posts-then-dies');
    void world.hears(event());
    await expect.poll(() => world.posted.length).toBe(1);
    await expect(world.hears(event())).rejects.toThrow('another process is announcing for this queue');
    world.now += 60 * second;
    await world.hears(event());
    expect(cards()).toHaveLength(1);
    expect(await world.watches.list({})).toMatchObject([
      { card: { ts: '300.0' }, followed: { startedBy: 'Ada' } },
    ]);
  });

  test('is retried if it comes before SQS lists the task', async () => {
    await expect(world.hears(event())).rejects.toThrow('SQS does not list the task yet');
    lists(aTask({ status: 'COMPLETED', startedAt: now - 60 * second }));
    await expect(world.hears(event())).rejects.toThrow('SQS does not list the task yet');
    lists(running());
    await world.hears(event());
    expect(cards()).toEqual([[now + 300, 'Ada']]);
  });

  test('is retried while AWS fails', async () => {
    world.tasks = { ok: false, awsError: anAwsError({ kind: 'throttled' }) };
    await expect(world.hears(event())).rejects.toThrow('polling the queue failed: throttled');
  });

  test('is posted once by a later scheduled call if Slack refuses for hours, and watched', async () => {
    lists(running());
    const refused: PostResult = {
      kind: 'retry-later',
      because: 'refused',
      maybeDelivered: false,
      why: 'team_added_to_org',
    };
    world.faults.push(...Array.from({ length: 12 }, () => refused));
    await expect(world.hears(event())).rejects.toThrow('the card could not be posted yet');
    for (let ticks = 0; ticks < 24; ticks += 1) {
      world.now += 300 * second;
      await world.hears({ source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} });
    }
    expect(cards()).toEqual([[now + 300, 'Ada']]);
    expect(await world.watches.list({})).toHaveLength(1);
    expect(world.faults).toEqual([]);
  });

  test('waits for Slack while there is time, and is retried after that', async () => {
    lists(running());
    const later = (afterMs: number): PostResult => ({
      kind: 'retry-later',
      because: 'rate-limited',
      afterMs,
      maybeDelivered: false,
      why: 'rate limited',
    });
    world.faults.push(later(5 * second));
    await world.hears(event());
    expect(cards()).toHaveLength(1);
    lists(running(now + 600 * second), running());
    world.faults.push(later(120 * second));
    await expect(world.hears(event(now + 600 * second))).rejects.toThrow('the card could not be posted yet');
    world.now += 121 * second;
    await world.hears(event(now + 600 * second));
    expect(cards()).toHaveLength(2);
  });

  test('is retried if its watch could not start, with one card', async () => {
    lists(running());
    world.startFails = 1;
    await expect(world.hears(event())).rejects.toThrow('429');
    world.now += 60 * second;
    await world.hears(event());
    expect(cards()).toHaveLength(1);
    expect(world.runs.length).toBeGreaterThan(0);
  });

  test('starts no second watch if the first one ended before the retry', async () => {
    lists(running());
    world.startFails = 1;
    await expect(world.hears(event())).rejects.toThrow('429');
    await world.ends();
    world.now += 60 * second;
    await world.hears(event());
    expect([cards().length, await world.watches.list({}), world.runs]).toEqual([1, [], []]);
  });

  test('about a task that has already ended is a final card without a watch', async () => {
    lists(running(now + 300, { status: 'COMPLETED' }));
    await world.hears(event());
    expect(cards()).toEqual([[now + 300, 'Ada']]);
    expect([await world.watches.list({}), world.runs]).toEqual([[], []]);
  });

  test('makes up for a lost one, without a name; two in the wrong order are two cards', async () => {
    lists(running(now + 300, { status: 'COMPLETED' }));
    await world.hears(event());
    const [lost, next] = [now + 60 * second, now + 120 * second];
    lists(running(next), running(lost, { status: 'COMPLETED' }), running(now + 300, { status: 'COMPLETED' }));
    world.now = next + second;
    await world.hears(event(next));
    await world.hears(event(lost));
    expect(cards()).toEqual([
      [now + 300, 'Ada'],
      [lost, undefined],
      [next, 'Ada'],
    ]);
  });

  test("posts no second card if a person is watching the task; theirs becomes the channel's", async () => {
    lists(running());
    const card = { channel: 'C1', ts: '100.1' };
    await world.watches.watch({ queue: followed, startedAt: now + 300, card, user: 'UANN' });
    await world.hears(event());
    expect(cards()).toEqual([]);
    expect(await world.watches.list({})).toMatchObject([
      { card, watchers: ['UANN'], followed: { startedBy: 'Ada' } },
    ]);
    await world.watches.unwatch({ card, user: 'UANN' });
    expect(await world.watches.list({})).toHaveLength(1);
  });
});

test.each<[string, unknown]>([
  ['a call that SQS refused', event(now, { errorCode: 'InvalidParameterValueException' })],
  ['a queue without notify', event(now, { requestParameters: { sourceArn: unfollowed.arn } })],
  ['a queue that is not listed', event(now, { requestParameters: { sourceArn: `${followed.arn}-2` } })],
  ['another call', event(now, { eventName: 'CancelMessageMoveTask' })],
  ['nothing', undefined],
  ['anything', { detail: [7] }],
])('an event about %s is left alone', async (_what, given) => {
  lists(running());
  await world.hears(given);
  expect(cards()).toEqual([]);
});
