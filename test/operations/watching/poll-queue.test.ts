import { describe, expect, test } from 'vitest';
import type { MoveTask, SourceDepth } from '../../../src/domain/move-task.ts';
import type { Queue } from '../../../src/domain/queue.ts';
import { observationOf } from '../../../src/domain/watch/observation.ts';
import type { Watch } from '../../../src/domain/watch/watch.ts';
import { pollQueue } from '../../../src/operations/watching/poll-queue.ts';
import { aTask, aWatch, denied, noon } from '../../domain/watch/a-watch.ts';
import { aQueue } from '../../engine/a-world.ts';
import { fakeMoveTasks } from '../../support/fake-move-tasks.ts';

const queue = aQueue();
const newer = aTask({ startedAt: noon + 1 });
const ours = aTask({ status: 'COMPLETED', moved: 100 });
const depth = async () => ({ ok: true as const, value: { waiting: 1, inFlight: 2, delayed: 3 } });

describe('a poll', () => {
  test('counts the messages of the queue, waiting or not', async () => {
    const list = async () => ({ ok: true as const, value: [ours] });
    expect(await pollQueue(queue, [aWatch()], { moveTasks: { list, depth }, clock: () => noon })).toEqual({
      at: noon,
      calls: 1,
      found: { ok: true, tasks: [ours] },
      depth: { ok: true, value: { waiting: 1, inFlight: 2, delayed: 3 } },
    });
  });

  test('polls further back at once if a newer task hides the watched one', async () => {
    const asked: number[] = [];
    const list = async (_: unknown, atMost: number) => {
      asked.push(atMost);
      return { ok: true as const, value: [newer, ours].slice(0, atMost) };
    };
    const poll = await pollQueue(queue, [aWatch()], { moveTasks: { list, depth }, clock: () => noon });
    expect([asked, poll.calls, poll.found.ok && poll.found.tasks.length]).toEqual([[1, 10], 2, 2]);
  });

  test('returns the error if AWS refuses, or no depth if only that is refused', async () => {
    const refused = async () => ({ ok: false as const, awsError: denied });
    const list = async () => ({ ok: true as const, value: [ours] });
    const clock = () => noon;
    expect(await pollQueue(queue, [aWatch()], { moveTasks: { list: refused, depth }, clock })).toEqual({
      at: noon,
      calls: 1,
      found: { ok: false, awsError: denied },
    });
    const poll = await pollQueue(queue, [aWatch()], { moveTasks: { list, depth: refused }, clock });
    expect(observationOf(poll, noon)).toMatchObject({ kind: 'seen' });
    expect(observationOf(poll, noon)).not.toHaveProperty('depth');
  });

  test('requests a list long enough for all sought tasks', async () => {
    const moveTasks = fakeMoveTasks();
    moveTasks.lists(ours);
    const pollFor = (...positions: number[]) =>
      pollQueue(
        queue,
        positions.map((position) => aWatch({ position })),
        { moveTasks, clock: () => noon },
      );
    for (const positions of [[], [0], [1, 3, 2], [9], [40]]) await pollFor(...positions);
    expect(moveTasks.asked.map((asked) => asked.split(' ').at(-1))).toEqual(['1', '1', '4', '10', '10']);
  });

  test('polls further back as soon as one of several is hidden', async () => {
    const moveTasks = fakeMoveTasks();
    moveTasks.lists(newer, ours);
    const toFind = [aWatch({ startedAt: noon + 1 }), aWatch()];
    expect(await pollQueue(queue, toFind, { moveTasks, clock: () => noon })).toMatchObject({
      calls: 2,
      found: { tasks: [newer, ours] },
    });
  });

  test('is an error if only the longer list is refused', async () => {
    const list = async (_: unknown, atMost: number) =>
      atMost === 1 ? { ok: true as const, value: [newer] } : { ok: false as const, awsError: denied };
    expect(await pollQueue(queue, [aWatch()], { moveTasks: { list, depth }, clock: () => noon })).toEqual({
      at: noon,
      calls: 2,
      found: { ok: false, awsError: denied },
    });
  });

  test('counts messages only if a card shows them, or a person asks', async () => {
    const moveTasks = fakeMoveTasks();
    const pollWith = async (toFind: Watch[], more?: { withDepth: boolean }) =>
      'depth' in (await pollQueue(queue, toFind, { moveTasks, clock: () => noon }, more));
    const [gone, settling] = [aWatch(), aWatch({ phase: 'settling' })];
    expect([
      await pollWith([gone]),
      await pollWith([gone, settling]),
      await pollWith([gone], { withDepth: true }),
      await pollWith([]),
    ]).toEqual([false, true, true, false]);
  });

  test('asks for the source only of the task that still runs, and keeps which one that was', async () => {
    const asked: (number | undefined)[] = [];
    const found = { name: 'orders', depth: { waiting: 7, inFlight: 0, delayed: 0 } };
    const sourceWith = async (tasks: MoveTask[], answer?: SourceDepth) => {
      const moveTasks = fakeMoveTasks();
      moveTasks.lists(...tasks);
      const source = async (_queue: Queue, { startedAt }: MoveTask) => {
        asked.push(startedAt);
        return answer;
      };
      const toFind = [aWatch({ phase: 'settling' })];
      return (await pollQueue(queue, toFind, { moveTasks: { ...moveTasks, source }, clock: () => noon }))
        .source;
    };
    const { startedAt: _, ...undated } = newer;
    expect(await sourceWith([newer, ours], found)).toEqual({ ...found, startedAt: noon + 1 });
    expect(await sourceWith([newer, ours])).toBeUndefined();
    expect(await sourceWith([undated, ours], found)).toBeUndefined();
    expect(await sourceWith([ours], found)).toBeUndefined();
    expect(asked).toEqual([noon + 1, noon + 1, undefined]);
  });

  test('requests everything at once if a person is waiting', async () => {
    const asked: string[] = [];
    const never = (what: string) => () => {
      asked.push(what);
      return new Promise<never>(() => undefined);
    };
    const moveTasks = { list: never('list'), depth: never('depth') };
    await pollQueue(
      queue,
      [aWatch()],
      { moveTasks, clock: () => noon, pollTimeoutMs: 1 },
      { withDepth: true },
    );
    expect(asked.toSorted()).toEqual(['depth', 'list']);
  });

  test('is an error, not an exception, if the port throws or never answers', async () => {
    const awsErrorWith = async (list: () => Promise<never>) => {
      const ports = { moveTasks: { list, depth }, clock: () => noon, pollTimeoutMs: 10 };
      const { found } = await pollQueue(queue, [aWatch()], ports);
      return found.ok ? undefined : found.awsError;
    };
    const { region } = queue;
    const thrown = { ...denied, region, kind: 'unexpected', code: 'Unexpected', detail: 'boom' };
    expect(await awsErrorWith(() => Promise.reject(new Error('boom')))).toEqual(thrown);
    expect(await awsErrorWith(() => Promise.reject('boom'))).toEqual(thrown);
    expect((await awsErrorWith(() => Promise.reject('x'.repeat(1_000))))?.detail).toHaveLength(300);
    expect(await awsErrorWith(() => new Promise<never>(() => undefined))).toEqual({
      ...denied,
      region,
      kind: 'unreachable',
      code: 'Timeout',
      detail: 'no answer in time',
    });
  });
});
