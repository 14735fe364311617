import { describe, expect, test } from 'vitest';
import type { MoveTask } from '../../src/domain/move-task.ts';
import { moveTaskStatuses } from '../../src/domain/move-task-status.ts';
import {
  barAndPercent,
  barOf,
  depthInWords,
  explainFailure,
  failureInWords,
  leftInWords,
  movedInWords,
  paceInWords,
  percentOf,
  sourceLabel,
  speedInWords,
  startInBrief,
  startInWords,
  statusAndSymbol,
  statusInWords,
  statusSymbol,
} from '../../src/domain/task-words.ts';
import { inPlainWords } from '../../src/domain/wording.ts';
import { aTask, now } from '../support/builders.ts';

const statusInPlainWords = (task: MoveTask) => inPlainWords(statusInWords(task));
const counted = (status: MoveTask['status'], moved?: number, toMove?: number): MoveTask => ({
  status,
  statusText: status,
  ...(moved !== undefined && { moved }),
  ...(toMove !== undefined && { toMove }),
});

test('each status has a symbol and a name of its own', () => {
  const shown = moveTaskStatuses.map((status) => aTask({ status }));
  const many = moveTaskStatuses.length;
  expect([new Set(shown.map(statusSymbol)).size, new Set(shown.map(statusInPlainWords)).size]).toEqual([
    many,
    many,
  ]);
  expect(statusInPlainWords(aTask({ status: 'RUNNING' }))).toBe('Running');
});

test.each([
  [counted('RUNNING', 1_620, 10_000), '1,620 of 10,000 messages moved'],
  [counted('RUNNING', 0, 1), '0 of 1 message moved'],
  [counted('RUNNING'), "SQS hasn't counted the messages yet"],
  [counted('RUNNING', undefined, 5), "SQS hasn't counted the messages yet"],
  [counted('COMPLETED'), 'SQS reports no counts'],
  [counted('RUNNING', 7), '7 messages moved; SQS reports no total'],
  [counted('COMPLETED', 50, 0), '50 messages moved; SQS reports no total'],
  [counted('COMPLETED', 1_200, 1_000), '1,200 messages moved; SQS counted 1,000 at the start'],
  [counted('RUNNING', 0, 0), 'SQS has counted no messages yet'],
  [counted('COMPLETED', 0, 0), 'SQS counted no messages to move'],
])('%j reads: %s', (task, inWords) => {
  expect(movedInWords(task)).toBe(inWords);
});

describe('a rate', () => {
  test.each([
    [{ rate: 2, secondsLeft: 980 }, ['2 per second', 'about 16 min left']],
    [{ rate: 2 }, ['2 per second']],
    [{ secondsLeft: 0 }, ['less than a minute left']],
    [{}, []],
  ])('%j reads: %j', (progress, result) => {
    expect(paceInWords(progress)).toEqual(result);
  });

  test('a limit is shown, and that there is none', () => {
    expect(speedInWords(aTask({ customRate: 5 }))).toContain('5 per second');
    expect(speedInWords(aTask())).not.toMatch(/\d|NaN|at most/);
  });
});

test('percent are shown where a share is known', () => {
  expect([percentOf({ share: 0 }), percentOf({ share: 0.625 }), percentOf({})]).toEqual([
    ['0%'],
    ['62%'],
    [],
  ]);
});

test.each([
  [0, 0],
  [0.001, 1],
  [0.5, 8],
  [0.999, 14],
  [1, 15],
  [1.2, 15],
])('a bar of %d is full in %i of 15 places', (share, full) => {
  expect(barOf(share)).toBe('▰'.repeat(full) + '▱'.repeat(15 - full));
});

test('a bar has its percentage, and neither is shown where no share is known', () => {
  expect([barAndPercent({ share: 0.5 }), barAndPercent({})]).toEqual([[`${barOf(0.5)} 50%`], []]);
});

test("a status that is unknown is shown in SQS's own word, cut short", () => {
  const shown = (statusText: string) => statusInWords(aTask({ status: 'UNKNOWN', statusText }));
  expect(shown('PAUSED')).toContainEqual({ name: 'PAUSED' });
  expect(shown('x'.repeat(99))).toContainEqual({ name: `${'x'.repeat(39)}…` });
  expect(shown('')).toHaveLength(1);
  expect(statusInWords(aTask({ statusText: 'RUNNING' }))).toHaveLength(1);
  const running = inPlainWords(statusAndSymbol(aTask()));
  expect(running).toBe(`${statusSymbol(aTask())} ${statusInPlainWords(aTask())}`);
});

test('messages go to the source queue, or to the destination that was chosen', () => {
  const chosen = aTask({ destinationArn: 'arn' });
  expect([sourceLabel(aTask()), sourceLabel(chosen)]).toEqual(['Source queue', 'Destination queue']);
});

describe('the start of a task', () => {
  const startedAt = now - 3 * 60_000;
  const time = expect.objectContaining({ time: startedAt });

  test('is shown with how long it has been running, while it runs', () => {
    const running = startInWords(aTask({ startedAt }), now);
    expect(running).toContainEqual(time);
    expect(inPlainWords(running)).toContain('3 min');
    for (const task of [aTask({ startedAt, status: 'COMPLETED' }), aTask({ startedAt: now + 1 })])
      expect(inPlainWords(startInWords(task, now))).not.toContain('running');
    expect(inPlainWords(startInWords(aTask({ startedAt: now }), now))).toContain('under 1 s');
    expect(startInBrief(aTask({ startedAt }))).toContainEqual(time);
  });

  test('is not made up if SQS reports none', () => {
    const { startedAt: _, ...undated } = aTask();
    for (const shown of [startInWords(undated, now), startInBrief(undated)])
      expect(shown.every((part) => typeof part === 'string')).toBe(true);
  });
});

test('why a redrive failed is said in SQS’s words, with its meaning and what to do', () => {
  const [reason, , remedy] = failureInWords('AccessDenied').map(inPlainWords);
  expect([reason, remedy]).toEqual([
    expect.stringContaining('AccessDenied'),
    expect.stringContaining(inPlainWords(explainFailure('AccessDenied').remedy)),
  ]);
  expect(failureInWords(undefined).map(inPlainWords).join()).not.toContain('undefined');
});

describe('the messages of a DLQ', () => {
  test.each([
    [{ waiting: 0, inFlight: 0, delayed: 0 }, 'no messages'],
    [{ waiting: 1_200, inFlight: 0, delayed: 0 }, 'about 1,200 waiting'],
    [{ waiting: 0, inFlight: 3, delayed: 0 }, 'none waiting, 3 in flight'],
    [{ waiting: 0, inFlight: 0, delayed: 4 }, 'none waiting, 4 delayed'],
    [{ waiting: 2, inFlight: 2, delayed: 0 }, 'about 2 waiting, 2 in flight'],
    [{ waiting: 2, inFlight: 0, delayed: 2 }, 'about 2 waiting, 2 delayed'],
    [{ waiting: 2, inFlight: 3, delayed: 4 }, 'about 2 waiting, 3 in flight, 4 delayed'],
  ])('%j are: %s', (depth, inWords) => {
    expect(inPlainWords(depthInWords({ ok: true, value: depth }))).toBe(inWords);
  });

  test('left over are shown once they are known', () => {
    expect([leftInWords(undefined), leftInWords(1)]).toEqual([[], ['about 1 message left in the DLQ']]);
    expect(leftInWords(0)).toEqual([expect.stringContaining('nothing left')]);
  });
});
