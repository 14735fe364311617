import { describe, expect, test } from 'vitest';
import { createInProgress, mayBeInProgress } from '../../../src/operations/actions/in-progress.ts';
import { StoreUnusable } from '../../../src/operations/watching/watch-store.ts';
import { now } from '../../support/builders.ts';
import { recordedLog } from '../../support/recorded.ts';

const aPause = () => Promise.withResolvers<void>();
const boom = new Error('boom');

describe('an action that a process works on', () => {
  test('is held until all who work on it are done, whether that fails or not', async () => {
    const pending = createInProgress(recordedLog().log);
    const [one, other] = [aPause(), aPause()];
    const held = () => [pending.isHeld('a1'), pending.isHeld('a2')];
    const works = [
      pending.holding('a1', () => one.promise),
      pending.holding('a1', () => other.promise),
    ] as const;
    expect(held()).toEqual([true, false]);
    one.reject(boom);
    await expect(works[0]).rejects.toBe(boom);
    expect(held()).toEqual([true, false]);
    other.resolve();
    await works[1];
    expect(held()).toEqual([false, false]);
  });

  test('is worked on once at a time, and again after a failure', async () => {
    const pending = createInProgress(recordedLog().log);
    const pause = aPause();
    const first = pending.alone('a1', () => pause.promise.then(() => 'first'));
    const others = [
      await pending.alone('a1', async () => 'second'),
      await pending.alone('a2', async () => 'a2'),
    ];
    pause.reject(boom);
    await expect(first).rejects.toBe(boom);
    expect([...others, await pending.alone('a1', async () => 'again')]).toEqual([undefined, 'a2', 'again']);
  });

  test('is settled once nothing is left to do, not even what began meanwhile', async () => {
    const { lines, log } = recordedLog();
    const pending = createInProgress(log);
    const [one, later] = [aPause(), aPause()];
    const done: string[] = [];
    void pending.inBackground(one.promise.then(() => void pending.inBackground(later.promise)));
    const settled = pending.settled().then(() => done.push('settled'));
    one.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    expect(done).toEqual([]);
    later.resolve();
    await settled;
    expect(lines).toEqual([]);
  });

  test('goes on in the background, where a failure is logged, unless the store has logged it', async () => {
    const { lines, log } = recordedLog();
    const pending = createInProgress(log);
    await pending.inBackground(Promise.reject(new StoreUnusable({ kind: 'disk-full' })));
    expect(lines).toEqual([]);
    await pending.inBackground(Promise.reject(boom));
    expect(lines).toMatchObject([{ level: 'error', err: boom }]);
    await pending.settled();
  });
});

test.each([
  ['in one process, what it holds', true, undefined, 99_000, true],
  ['in one process, nothing else, however young', false, undefined, 0, false],
  ['among many, what another began just now', false, 5_000, 4_999, true],
  ['among many, nothing that another must have finished', false, 5_000, 5_000, false],
  ['among many, what it holds, however old', true, 5_000, 99_000, true],
])('may be in progress: %s', (_what, isHeld, holdMs, ageMs, expected) => {
  const runs = { begin: async () => undefined, call: async () => undefined };
  const ports = {
    pending: { isHeld: (id: string) => isHeld && id === 'a1' },
    clock: () => now,
    ...(holdMs !== undefined && { runs: { ...runs, holdMs } }),
  };
  expect(mayBeInProgress('a1', now - ageMs, ports)).toBe(expected);
});
