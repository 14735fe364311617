import { describe, expect, test } from 'vitest';
import { type WatchTaskStep, watchTask } from '../../../src/cli/watch-command.ts';
import type { Outcome } from '../../../src/domain/aws-error.ts';
import type { MoveTask } from '../../../src/domain/move-task.ts';
import { defaultWatchSettings } from '../../../src/domain/settings.ts';
import { anAwsError, aQueue, aTask, now } from '../../support/builders.ts';

const startedAt = now - 60_000;
const task = (given: Partial<MoveTask>) => aTask({ startedAt, ...given });

/** Follows a task with a clock that jumps over every pause; `poll` gets the seconds since the first poll. */
async function followed(poll: (second: number) => Outcome<MoveTask[]>, steps = Number.POSITIVE_INFINITY) {
  let clock = now;
  const pollsAt: number[] = [];
  const taken: WatchTaskStep[] = [];
  const following = watchTask(aQueue(), startedAt, {
    moveTasks: {
      list: async (_, atMost) => {
        pollsAt.push((clock - now) / 1000);
        const answer = poll((clock - now) / 1000);
        return answer.ok ? { ok: true, value: answer.value.slice(0, atMost) } : answer;
      },
      depth: async () => ({ ok: true, value: { waiting: 7, inFlight: 0, delayed: 0 } }),
    },
    clock: () => clock,
    settings: defaultWatchSettings,
    random: () => 0.5,
    pause: async (ms) => {
      clock += ms;
    },
  });
  for await (const step of following) {
    taken.push(step);
    if (taken.length >= steps) break;
  }
  return { pollsAt, taken, notifications: taken.flatMap((step) => step.notifications) };
}

describe('watches a task', () => {
  test('as often as a watch, until its numbers have settled', async () => {
    const { pollsAt, taken, notifications } = await followed((second) => ({
      ok: true,
      value: [
        second < 60
          ? task({ moved: 500 + Math.floor(second * 8), toMove: 1000 })
          : task({ status: 'COMPLETED', moved: second < 65 ? 990 : 1000, toMove: 1000 }),
      ],
    }));
    expect(pollsAt[0]).toBe(0);
    expect(Math.min(...pollsAt.slice(1).map((at, i) => at - (pollsAt[i] ?? 0)))).toBeGreaterThanOrEqual(5);
    expect(taken.at(-1)?.watch).toMatchObject({
      phase: 'over',
      seen: { task: { status: 'COMPLETED', moved: 1000 } },
    });
    expect(notifications.map(({ kind }) => kind)).toEqual(['ended', 'ended']);
  });

  test('even while AWS fails, which it reports after five minutes', async () => {
    const { notifications } = await followed((second) =>
      second > 0 && second < 600
        ? { ok: false, awsError: anAwsError() }
        : { ok: true, value: [task({ status: second < 600 ? 'RUNNING' : 'CANCELLED' })] },
    );
    expect(notifications.map(({ kind }) => kind)).toEqual(['cannot-see', 'ended']);
  });

  test('but not forever, because SQS ends every task', async () => {
    const { taken } = await followed(() => ({ ok: true, value: [] }));
    expect(taken.at(-1)).toMatchObject({ watch: { phase: 'over' }, notifications: [{ kind: 'gave-up' }] });
  });

  test('even if a newer one hides it', async () => {
    const newer = task({ startedAt: now });
    const { taken } = await followed(() => ({ ok: true, value: [newer, task({ status: 'FAILED' })] }));
    expect(taken.at(-1)?.watch).toMatchObject({ phase: 'over', seen: { task: { status: 'FAILED' } } });
  });

  test('until no one is waiting', async () => {
    expect((await followed(() => ({ ok: true, value: [task({})] }), 3)).taken.length).toBe(3);
  });
});
