import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LocalSlack } from '../../sandbox/slack/local-slack.ts';
import { waitForBotIdentity } from '../../src/slack/bot-identity.ts';
import { boltLogger, promptClient } from '../../src/slack/slack-client.ts';
import { backoffMs, createLogThrottle, isLasting, reasonOf } from '../../src/slack/slack-failure.ts';
import { botToken, startTestSlack } from '../sandbox/slack/test-workspace.ts';

const silent = () => undefined;
const logger = boltLogger({ debug: silent, info: silent, warn: silent, error: silent });

let slack: LocalSlack;
beforeEach(async () => {
  slack = await startTestSlack();
});
afterEach(() => slack.stop());

/** Waits for Slack without taking time; records each reason and how long the wait after it would be. */
async function waiting() {
  const reasons: string[] = [];
  const waits: number[] = [];
  const identity = await waitForBotIdentity(
    promptClient({ botToken, apiUrl: slack.apiUrl, logger }),
    (failure) => void reasons.push(reasonOf(failure)),
    async (ms) => void waits.push(ms),
  );
  return { botUserId: identity.botUserId, reasons, waits };
}

describe('at the start', () => {
  test.each([
    'internal_error',
    'fatal_error',
    'ratelimited',
    'team_added_to_org',
    'org_login_required',
    'service_unavailable',
    'request_timeout',
    'accesslimited',
    'a_code_never_seen_before',
  ])('Slack is asked again after %s', async (error) => {
    slack.faults.add({ kind: 'error', error, method: 'auth.test', times: 2 });
    expect(await waiting()).toEqual({
      botUserId: 'UBOT',
      reasons: Array(2).fill(error === 'ratelimited' ? 'rate limited' : error),
      waits: [1_000, 2_000],
    });
  });

  test('Slack is asked again after a server error, a broken line, and when it has said to', async () => {
    slack.faults.add({ kind: 'server-error', status: 503, method: 'auth.test', times: 1 });
    slack.faults.add({ kind: 'reset', method: 'auth.test', times: 1 });
    slack.faults.add({ kind: 'rate-limited', retryAfterSeconds: 77, method: 'auth.test', times: 1 });
    expect(await waiting()).toEqual({
      botUserId: 'UBOT',
      reasons: ['HTTP 503', 'ECONNRESET', 'rate limited'],
      waits: [1_000, 2_000, 77_000],
    });
  });

  test.each([
    'invalid_auth',
    'not_authed',
    'token_revoked',
    'token_expired',
    'account_inactive',
    'missing_scope',
    'not_allowed_token_type',
  ])('waiting does not help against %s', async (error) => {
    slack.faults.add({ kind: 'error', error, method: 'auth.test' });
    await expect(waiting()).rejects.toMatchObject({ data: { error } });
  });
});

test('a wait doubles from 1 s to 30 s', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 1_000].map((failures) => backoffMs(failures))).toEqual([
    1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000,
  ]);
});

test('what Slack asks for wins, but is never no time at all, nor more than an hour', () => {
  const wait = (retryAfterSeconds: number) => backoffMs(9, { kind: 'rate-limited', retryAfterSeconds });
  expect([0, -5, 1, 120, 1e12].map(wait)).toEqual([1_000, 1_000, 1_000, 120_000, 3_600_000]);
});

test('whatever Slack or a proxy answers, the reason is short and never empty', () => {
  fc.assert(
    fc.property(fc.string(), (code) => {
      const reason = reasonOf({ kind: 'refused', code });
      expect(reason).toMatch(/^[a-z0-9_]+$|^not a Slack response$/);
      expect(isLasting({ kind: 'refused', code: `<html>${code}` })).toBe(false);
    }),
  );
});

test('a trouble that lasts is said at once, after ten minutes, and when its reason changes', () => {
  let now = 0;
  const throttle = createLogThrottle(() => now);
  const said = (why: string, at: number) => {
    now = at;
    return throttle.isDue(why);
  };
  const second = 1_000;
  expect([
    said('HTTP 409', 0),
    said('HTTP 409', 30 * second),
    said('ECONNREFUSED', 40 * second),
    said('ECONNREFUSED', 60 * second),
    said('ECONNREFUSED', 600 * second),
    said('ECONNREFUSED', 660 * second),
  ]).toEqual([true, false, false, true, false, true]);
});
