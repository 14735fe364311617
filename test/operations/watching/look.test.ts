import { describe, expect, test } from 'vitest';
import { sightingOf } from '../../../src/domain/watch/sighting.ts';
import { lookAt } from '../../../src/operations/watching/look.ts';
import { aTask, aWatch, denied, noon } from '../../domain/watch/a-watch.ts';
import { aQueue } from '../../watching/a-world.ts';

const queue = aQueue();
const newer = aTask({ startedAt: noon + 1 });
const ours = aTask({ status: 'COMPLETED', moved: 100 });
const depth = async () => ({ ok: true as const, value: { waiting: 1, inFlight: 2, delayed: 3 } });

describe('a look', () => {
  test('counts the messages of the queue, waiting or not', async () => {
    const list = async () => ({ ok: true as const, value: [ours] });
    expect(await lookAt(queue, [aWatch()], { moveTasks: { list, depth }, clock: () => noon })).toEqual({
      at: noon,
      calls: 1,
      found: { ok: true, tasks: [ours] },
      depth: { ok: true, value: { waiting: 1, inFlight: 2, delayed: 3 } },
    });
  });

  test('looks further back in the same turn when a newer task hides the watched one', async () => {
    const asked: number[] = [];
    const list = async (_: unknown, atMost: number) => {
      asked.push(atMost);
      return { ok: true as const, value: [newer, ours].slice(0, atMost) };
    };
    const look = await lookAt(queue, [aWatch()], { moveTasks: { list, depth }, clock: () => noon });
    expect([asked, look.calls, look.found.ok && look.found.tasks.length]).toEqual([[1, 10], 2, 2]);
  });

  test('tells the problem when AWS refuses, and goes without a depth when only that is refused', async () => {
    const refused = async () => ({ ok: false as const, problem: denied });
    const list = async () => ({ ok: true as const, value: [ours] });
    const clock = () => noon;
    expect(await lookAt(queue, [aWatch()], { moveTasks: { list: refused, depth }, clock })).toEqual({
      at: noon,
      calls: 1,
      found: { ok: false, problem: denied },
    });
    const look = await lookAt(queue, [aWatch()], { moveTasks: { list, depth: refused }, clock });
    expect(sightingOf(look, noon)).toMatchObject({ kind: 'seen' });
    expect(sightingOf(look, noon)).not.toHaveProperty('depth');
  });

  test('is a problem, not an exception, when the port throws or never answers', async () => {
    const clock = () => noon;
    const throwing = { list: () => Promise.reject(new Error('boom')), depth };
    const silent = { list: () => new Promise<never>(() => undefined), depth };
    expect(await lookAt(queue, [aWatch()], { moveTasks: throwing, clock })).toMatchObject({
      found: { ok: false, problem: { kind: 'unexpected', detail: 'boom' } },
    });
    expect(await lookAt(queue, [aWatch()], { moveTasks: silent, clock, lookTimeoutMs: 10 })).toMatchObject({
      found: { ok: false, problem: { kind: 'unreachable', code: 'Timeout' } },
    });
  });
});
