import { expect, test } from 'vitest';
import { waitAfter } from '../../src/slack/private-reply.ts';

const broken = { kind: 'in-doubt', code: 'HTTP 500' } as const;
const refused = { kind: 'refused', code: 'user_not_in_channel' } as const;
const busy = (retryAfterSeconds: number) => ({ kind: 'rate-limited', retryAfterSeconds }) as const;
const second = 1_000;

test('retries a private answer after a pause, or when Slack says so', () => {
  expect(waitAfter([refused, broken], second, 0)).toBe(second);
  expect(waitAfter([broken, busy(20)], second, 0)).toBe(20 * second);
});

test('a private answer is not tried again when Slack refused it both ways, or no one waits for it anymore', () => {
  expect(waitAfter([refused, refused], second, 0)).toBeUndefined();
  expect(waitAfter([broken], undefined, 0)).toBeUndefined();
  expect(waitAfter([busy(31)], second, 0)).toBeUndefined();
  expect(waitAfter([broken, busy(20)], second, 20 * second)).toBeUndefined();
});
