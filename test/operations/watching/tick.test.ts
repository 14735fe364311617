import { describe, expect, test } from 'vitest';
import { defaultWatchSettings } from '../../../src/domain/settings.ts';
import { cardStateOf } from '../../../src/domain/watch/card-state.ts';
import { addToOutbox, emptyOutbox, type StoredWatch } from '../../../src/domain/watch/outbox.ts';
import type { Watch } from '../../../src/domain/watch/watch.ts';
import type { MoveTasks } from '../../../src/operations/move-tasks.ts';
import { tick } from '../../../src/operations/watching/tick.ts';
import { aTask, aWatch, denied, noon } from '../../domain/watch/a-watch.ts';
import { aQueue } from '../../support/builders.ts';
import { fakeMoveTasks } from '../../support/fake-move-tasks.ts';
import { recordedLog, recordedMetrics } from '../../support/recorded.ts';
import { memoryStore } from './memory-store.ts';

const queue = aQueue();
const ended = aTask({ status: 'COMPLETED', moved: 2 });

const watched = (changes: Partial<Watch> = {}) => aWatch({ queueArn: queue.arn, ...changes });
const storedAs = (changes: Partial<Watch> = {}): StoredWatch => ({
  watch: watched(changes),
  outbox: emptyOutbox,
});

function setUp(...stored: StoredWatch[]) {
  const store = memoryStore(...(stored.length > 0 ? stored : [storedAs()]));
  const { lines: logged, log } = recordedLog();
  const { events, metrics } = recordedMetrics();
  const moveTasks = fakeMoveTasks();
  moveTasks.lists(ended);
  const settings = defaultWatchSettings;
  const ports = { moveTasks, clock: () => noon, random: () => 0.5, settings, log };
  return { store, logged, events, moveTasks, ports, metered: { ...ports, metrics } };
}

const movedOn = {
  level: 'info',
  watch: 'w1',
  queue: queue.arn,
  phase: 'settling',
  polls: 1,
  message: 'watch changed phase',
};

test('commits what a poll changes for each watch of a queue, and logs only changed phases', async () => {
  const other = watched({ id: 'w2', startedAt: noon - 5_000, position: 1 });
  const { store, logged, moveTasks, ports } = setUp(storedAs(), { watch: other, outbox: emptyOutbox });
  moveTasks.lists(ended, aTask({ startedAt: noon - 5_000 }));
  await tick(queue, ['w1', 'w2'], { ...ports, store });
  expect(logged).toEqual([movedOn]);
  expect(
    [...store.stored.values()].map(({ watch, outbox }) => [watch.phase, outbox.notifications.length]),
  ).toEqual([
    ['settling', 1],
    ['running', 0],
  ]);
});

test('logs why polls fail when that begins, and not at each poll', async () => {
  const { store, logged, moveTasks, ports } = setUp();
  moveTasks.answers({ ok: false, awsError: denied });
  await tick(queue, ['w1'], { ...ports, store });
  expect(logged).toMatchObject([
    { level: 'warn', watch: 'w1', queue: queue.arn, aws: [{ code: denied.code }] },
  ]);
  await tick(queue, ['w1'], { ...ports, store });
  expect(logged).toHaveLength(1);
});

test('counts how late a poll was for its first watch, and what it found', async () => {
  const [late, later] = [
    storedAs({ nextPollAt: noon - 1_000 }),
    storedAs({ id: 'w2', nextPollAt: noon - 3_000 }),
  ];
  const { store, events, moveTasks, metered } = setUp(late, later);
  await tick(queue, ['w1', 'w2'], { ...metered, store });
  moveTasks.answers({ ok: false, awsError: denied });
  await tick(queue, ['w3'], { ...metered, store });
  expect(events).toEqual([
    { what: 'tick lateness', ms: 3_000 },
    { what: 'poll', by: 'watch', outcome: 'seen' },
    { what: 'poll', by: 'watch', outcome: 'access-denied' },
  ]);
});

describe('a waiting card update', () => {
  const seen = { task: aTask(), at: noon - 60_000 };
  const state = cardStateOf(watched({ seen }));
  const withEdit = (changes: Partial<Watch>): StoredWatch => ({
    watch: watched({ seen, ...changes }),
    outbox: addToOutbox(emptyOutbox, state ? [{ kind: 'card', state }] : [], noon),
  });
  const dropped = { what: 'card update dropped' };

  test('is counted as dropped when a newer one replaces it', async () => {
    const { store, events, metered } = setUp(withEdit({}));
    await tick(queue, ['w1'], { ...metered, store });
    expect(events.at(-1)).toEqual(dropped);
    expect(store.stored.get('w1')?.outbox.cardUpdate?.state.task).toEqual(ended);
  });

  test('stays if the next poll has nothing new to show', async () => {
    const { store, events, moveTasks, metered } = setUp(withEdit({}));
    moveTasks.lists(aTask());
    await tick(queue, ['w1'], { ...metered, store });
    const cardUpdate = store.stored.get('w1')?.outbox.cardUpdate;
    events.length = 0;
    await tick(queue, ['w1'], { ...metered, store });
    expect(events).not.toContainEqual(dropped);
    expect(store.stored.get('w1')?.outbox.cardUpdate).toEqual(cardUpdate);
  });

  test('is not counted where none waits', async () => {
    const { store, events, metered } = setUp(storedAs({ seen }));
    await tick(queue, ['w1'], { ...metered, store });
    expect(events).not.toContainEqual(dropped);
  });
});

/** A poll that is sent at noon. */
function answeredAt<T extends { moveTasks: MoveTasks }>(now: number, ports: T) {
  let clock = noon;
  const list: MoveTasks['list'] = (...asked) => {
    clock = now;
    return ports.moveTasks.list(...asked);
  };
  return { ...ports, moveTasks: { ...ports.moveTasks, list }, clock: () => clock };
}

test.each([
  ['is left out when a later poll was quicker', noon + 1, noon + 2, 'running'],
  ['counts when it was sent at the same moment', noon, noon + 2, 'settling'],
  ['counts when the clock has been set back since the other one', noon + 3, noon + 2, 'settling'],
  ['is left out when the other one is of this moment', noon + 2, noon + 2, 'running'],
])('what a poll found %s', async (_what, seenAt, now, phase) => {
  const { store, logged, ports } = setUp(storedAs({ seen: { task: aTask(), at: seenAt } }));
  await tick(queue, ['w1'], { ...answeredAt(now, ports), store });
  expect([store.stored.get('w1')?.watch.phase, logged.length]).toEqual([phase, phase === 'running' ? 0 : 1]);
});

test('reports a change once, even if it had to be retried', async () => {
  const { store, logged, events, metered } = setUp();
  const update: typeof store.update = (ids, how) =>
    store.update(ids, (stored) => {
      how(stored);
      return how(stored);
    });
  await tick(queue, ['w1'], { ...metered, store: { ...store, update } });
  expect(logged).toEqual([movedOn]);
  expect(events).toHaveLength(2);
  expect(store.stored.get('w1')?.outbox.notifications).toHaveLength(1);
});

test('does not report a change that a later poll made needless', async () => {
  const { store, logged, ports } = setUp();
  const update: typeof store.update = (ids, how) =>
    store.update(ids, (stored) => {
      how(stored);
      return how({ ...stored, watch: { ...stored.watch, seen: { task: aTask(), at: noon + 1 } } });
    });
  await tick(queue, ['w1'], { ...answeredAt(noon + 2, ports), store: { ...store, update } });
  expect(logged).toEqual([]);
});

test('does not report a change that could not be committed', async () => {
  const { store, logged, ports } = setUp();
  const update: typeof store.update = async (ids, how) => {
    for (const stored of await store.read(ids)) how(stored);
    throw new Error('the disk is full');
  };
  await expect(tick(queue, ['w1'], { ...ports, store: { ...store, update } })).rejects.toThrow('full');
  expect(logged).toEqual([]);
});

test("logs AWS's error once until it works again", async () => {
  const { store, logged, moveTasks, ports } = setUp();
  moveTasks.answers({ ok: false, awsError: denied });
  await tick(queue, ['w1'], { ...ports, store });
  moveTasks.answers({ ok: false, awsError: denied });
  await tick(queue, ['w1'], { ...ports, store });
  expect(logged).toEqual([
    {
      level: 'warn',
      watch: 'w1',
      queue: queue.arn,
      aws: [expect.objectContaining({ action: denied.action, code: denied.code, said: denied.detail })],
      message: 'could not poll a watched redrive; retrying',
    },
  ]);
});
