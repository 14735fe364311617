import { beforeEach, describe, expect, test, vi } from 'vitest';
import { aborted, within } from '../../src/operations/within.ts';

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

describe('work within a time', () => {
  test('counts if it is done by then, and nothing keeps the process alive after it', async () => {
    expect(await within(60_000, Promise.resolve('done'), () => 'too late')).toBe('done');
    await expect(within(60_000, Promise.reject(new Error('boom')), () => 'too late')).rejects.toThrow('boom');
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is not waited for any longer', async () => {
    const never = new Promise<string>(() => undefined);
    const answer = within(60_000, never, () => 'too late');
    await vi.advanceTimersByTimeAsync(59_999);
    expect(await Promise.race([answer, Promise.resolve('still waiting')])).toBe('still waiting');
    await vi.advanceTimersByTimeAsync(1);
    expect(await answer).toBe('too late');
  });
});

test('whoever waits for a signal waits until it is aborted, and not at all if it already is', async () => {
  const controller = new AbortController();
  const waiting = aborted(controller.signal);
  expect(await Promise.race([waiting, Promise.resolve('waiting')])).toBe('waiting');
  controller.abort();
  await Promise.all([waiting, aborted(controller.signal)]);
});
