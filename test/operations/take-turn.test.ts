import { expect, test } from 'vitest';
import { emptyOutbox } from '../../src/domain/watch/outbox.ts';
import { defaultWatchSettings } from '../../src/domain/watch/watch-settings.ts';
import { takeTurn } from '../../src/operations/take-turn.ts';
import { aTask, aWatch, noon } from '../domain/watch/a-watch.ts';
import { aQueue } from '../support/builders.ts';
import { memoryStore } from './watching/memory-store.ts';

const queue = aQueue();
const ended = aTask({ status: 'COMPLETED', moved: 2 });

function setUp() {
  const store = memoryStore({ watch: aWatch({ queueArn: queue.arn }), outbox: emptyOutbox });
  const logged: unknown[] = [];
  const write = (facts: Record<string, unknown>, message: string) => void logged.push({ ...facts, message });
  const ports = {
    moveTasks: {
      list: async () => ({ ok: true as const, value: [ended] }),
      depth: async () => ({ ok: true as const, value: { waiting: 0, inFlight: 0, delayed: 0 } }),
    },
    clock: () => noon,
    random: () => 0.5,
    settings: defaultWatchSettings,
    log: { debug: write, info: write, warn: write, error: write },
  };
  return { store, logged, ports };
}

const movedOn = expect.objectContaining({ watch: 'w1', phase: 'settling' });

test('a change that had to be made again is reported once', async () => {
  const { store, logged, ports } = setUp();
  const update: typeof store.update = (ids, how) =>
    store.update(ids, (kept) => {
      how(kept);
      return how(kept);
    });
  await takeTurn(queue, ['w1'], { ...ports, store: { ...store, update } });
  expect(logged).toEqual([movedOn]);
  expect(store.kept.get('w1')?.outbox.notices).toHaveLength(1);
});

test('a change that could not be committed is not reported', async () => {
  const { store, logged, ports } = setUp();
  const update: typeof store.update = async (ids, how) => {
    for (const kept of await store.read(ids)) how(kept);
    throw new Error('the disk is full');
  };
  await expect(takeTurn(queue, ['w1'], { ...ports, store: { ...store, update } })).rejects.toThrow('full');
  expect(logged).toEqual([]);
});
