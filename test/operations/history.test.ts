import { describe, expect, test } from 'vitest';
import type { Action } from '../../src/domain/actions/action.ts';
import type { PastRedrive } from '../../src/domain/history.ts';
import { historyOf } from '../../src/operations/history.ts';
import { aCancel, aStart } from '../domain/actions/an-action.ts';
import { aQueue, aTask, now } from '../support/builders.ts';

const queueArn = aQueue().arn;

describe('the history of a queue', () => {
  const minute = 60_000;
  const past = (startedAt: number): PastRedrive => ({
    ...{ queueArn, startedAt, seenAt: startedAt + minute, endedBy: startedAt + minute },
    task: aTask({ status: 'COMPLETED', startedAt }),
  });
  /** One line for each entry: what it is, and when. */
  async function remembered(redrives: PastRedrive[], actions?: Action[], atMost = 10) {
    const asked: unknown[] = [];
    const listing = <T>(all: T[]) => ({
      list: async (given: { queueArn?: string; atMost: number }) => {
        asked.push(given);
        return all;
      },
    });
    const given = { queueArn, atMost };
    const ports = { history: listing(redrives), ...(actions && { actions: listing(actions) }) };
    const entries = await historyOf(given, ports);
    expect(asked).toEqual(actions ? [given, given] : [given]);
    return entries.map((entry) =>
      entry.kind === 'redrive'
        ? `redrive ${(entry.at - now) / minute}${entry.start ? ` of ${entry.start.id}` : ''}`
        : `${entry.action.kind} ${entry.action.id} ${(entry.at - now) / minute}`,
    );
  }
  const start = (id: string, atMinute: number, startedAtMinute?: number): Action => ({
    ...aStart({ id, now: now + atMinute * minute }),
    result: startedAtMinute === undefined ? {} : { startedAt: now + startedAtMinute * minute },
  });

  test('has redrives and what was requested, the newest first', async () => {
    const redrives = [past(now + 5 * minute), past(now)];
    expect(await remembered(redrives, [start('late', 9), start('declined', 2)])).toEqual([
      'start late 9',
      'redrive 5',
      'start declined 2',
      'redrive 0',
    ]);
  });

  test('shows a start that began a redrive with it, and by itself until its end is known', async () => {
    const actions = [start('running', 8, 9), start('ended', 3, 5)];
    expect(await remembered([past(now + 5 * minute)], actions)).toEqual([
      'start running 8',
      'redrive 5 of ended',
    ]);
  });

  test('never takes a cancel for the start of the redrive that it ended', async () => {
    const cancel: Action = { ...aCancel(), id: 'c1', result: { startedAt: now } };
    expect(await remembered([past(now)], [cancel])).toEqual(['redrive 0']);
    expect(await remembered([past(now)], [{ ...cancel, result: {} }])).toEqual(['redrive 0', 'cancel c1 0']);
  });

  test('is no longer than was asked for, and has redrives alone where there are no actions', async () => {
    const redrives = [past(now + 2 * minute), past(now + minute), past(now)];
    expect(await remembered(redrives, [start('last', 3)], 2)).toEqual(['start last 3', 'redrive 2']);
    expect(await remembered(redrives, undefined, 2)).toEqual(['redrive 2', 'redrive 1']);
    expect(await remembered([], [])).toEqual([]);
  });
});
