import { describe, expect, test } from 'vitest';
import { depthMatters, mayBeFurtherBack, observationOf } from '../../../src/domain/watch/observation.ts';
import { aTask, denied, noon } from './a-watch.ts';

const watched = aTask({ startedAt: noon });
const started = (after: number, status: 'RUNNING' | 'COMPLETED' = 'COMPLETED') =>
  aTask({ startedAt: noon + after, status });
const { startedAt: _, ...nameless } = aTask();

describe('what a poll found for a watch', () => {
  const poll = { at: noon + 9, calls: 2 };

  test('counts the source queue for the task whose source it is, and for no other', () => {
    const source = { name: 'orders', depth: { waiting: 7, inFlight: 1, delayed: 0 } };
    const found = { ok: true as const, tasks: [started(1), watched] };
    const observedWith = (startedAt: number) =>
      observationOf({ ...poll, found, source: { ...source, startedAt } }, noon);
    expect(observedWith(noon)).toMatchObject({ kind: 'seen', source });
    expect(observedWith(noon)).not.toHaveProperty('source.startedAt');
    expect(observedWith(noon + 1)).not.toHaveProperty('source');
  });

  test.each([
    ['its task', [watched], { kind: 'seen', position: 0, task: watched }],
    ['its task behind an older one', [started(-1), watched], { kind: 'seen', position: 1, task: watched }],
    [
      'its task behind one that ended',
      [started(1), watched],
      { kind: 'seen', position: 1, task: watched, newer: { startedAt: noon + 1, finished: true } },
    ],
    [
      'its task, and the newer one that still runs',
      [started(3), started(2, 'RUNNING'), started(1), watched],
      { kind: 'seen', position: 3, task: watched, newer: { startedAt: noon + 2, finished: false } },
    ],
    ['nothing', [], { kind: 'absent', position: 0 }],
    ['older ones only', [started(-1)], { kind: 'absent', position: 0 }],
    ['one without a start', [nameless], { kind: 'absent', position: 0 }],
    [
      'newer ones only, so that the whole list is asked for next',
      [started(1)],
      { kind: 'absent', position: 9, newer: { startedAt: noon + 1, finished: true } },
    ],
  ])('%s', (_what, tasks, expected) => {
    expect(observationOf({ ...poll, found: { ok: true, tasks } }, noon)).toStrictEqual({
      ...poll,
      ...expected,
    });
  });

  test('why nothing was seen', () => {
    expect(observationOf({ ...poll, found: { ok: false, awsError: denied } }, noon)).toStrictEqual({
      ...poll,
      kind: 'error',
      awsError: denied,
    });
  });

  test('all messages in the queue, if they could be counted', () => {
    const depth = { ok: true, value: { waiting: 1, inFlight: 20, delayed: 300 } } as const;
    const tasks = { ok: true, tasks: [watched] } as const;
    expect(observationOf({ ...poll, found: tasks, depth }, noon)).toMatchObject({ depth: 321 });
    const denial = { ok: false, awsError: denied } as const;
    expect(observationOf({ ...poll, found: tasks, depth: denial }, noon)).not.toHaveProperty('depth');
  });
});

describe('a longer list is asked for', () => {
  test.each([
    ['when a full one shows newer ones only', [started(1)], 1, true],
    ['not when the task is in it', [watched], 1, false],
    ['not when the task is in it behind newer ones', [started(1), watched], 2, false],
    ['not when it was not full', [started(1)], 2, false],
    ['not when it reaches back to older ones', [started(-1)], 1, false],
    ['not when there is none longer', Array.from({ length: 10 }, (_, i) => started(10 - i)), 10, false],
    ['when nine are full', Array.from({ length: 9 }, (_, i) => started(9 - i)), 9, true],
    ['not of an empty queue', [], 1, false],
  ])('%s', (_when, tasks, asked, isAsked) => {
    expect(mayBeFurtherBack(tasks, noon, asked)).toBe(isAsked);
  });
});

test.each([
  ['while its task runs', 'running', [started(1), watched], true],
  ['while its task is the newest', 'running', [watched], true],
  ['after the end', 'settling', [], true],
  ['not without its task', 'running', [started(1)], false],
] as const)('the depth is asked for a watch %s', (_when, phase, tasks, matters) => {
  expect(depthMatters({ phase, startedAt: noon }, tasks)).toBe(matters);
});
