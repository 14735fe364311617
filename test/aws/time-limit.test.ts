import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createTimeLimit } from '../../src/aws/time-limit.ts';

const long = 60_000;

function neverDone() {
  const given = Promise.withResolvers<AbortSignal>();
  const work = (signal: AbortSignal) => {
    given.resolve(signal);
    return new Promise<never>(() => undefined);
  };
  return { work, signal: given.promise };
}

test('returns what is done in time, including a failure', async () => {
  const withTimeLimit = createTimeLimit(long, new AbortController().signal);
  expect(await withTimeLimit(async () => 'done')).toBe('done');
  await expect(withTimeLimit(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
});

test('gives up work that takes too long, and tells it so', async () => {
  const { work, signal } = neverDone();
  await expect(createTimeLimit(5)(work)).rejects.toMatchObject({ name: 'TimeoutError' });
  expect((await signal).reason).toMatchObject({ name: 'TimeoutError' });
});

test.each(['who asks', 'the bot'])(
  '%s may abort first, before the work starts and during it',
  async (who) => {
    const [stopping, asking] = [new AbortController(), new AbortController()];
    const withTimeLimit = createTimeLimit(long, stopping.signal);
    const ends = who === 'the bot' ? stopping : asking;
    const { work, signal } = neverDone();
    const asked = withTimeLimit(work, asking.signal);
    ends.abort('enough');
    await expect(asked).rejects.toBe('enough');
    expect((await signal).reason).toBe('enough');
    await expect(
      withTimeLimit(async (late) => sleep(long, 'late', { signal: late }), asking.signal),
    ).rejects.toBe('enough');
  },
);

test('handles work that fails before it starts like any other failure, even if no one waits for it', async () => {
  const broken = () => {
    throw new Error('broken');
  };
  await expect(createTimeLimit(long)(broken)).rejects.toThrow('broken');
  await expect(createTimeLimit(long)(broken, AbortSignal.abort('gone'))).rejects.toBe('gone');
});

test('leaves no timer or listener behind', async () => {
  const [stopping, asking] = [new AbortController().signal, new AbortController().signal];
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  await createTimeLimit(long, stopping)(async () => {
    expect([timers(), listenersOf(stopping), listenersOf(asking)]).toEqual([before + 1, 1, 1]);
  }, asking);
  await createTimeLimit(long, stopping)(() => Promise.reject(new Error('broken')), asking).catch(
    () => undefined,
  );
  expect([timers(), listenersOf(stopping), listenersOf(asking)]).toEqual([before, 0, 0]);
});

function listenersOf(signal: AbortSignal): number {
  return getEventListeners(signal, 'abort').length;
}
