import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../../src/domain/aws-error.ts';
import type { Following } from '../../../src/domain/following/following.ts';
import type { StartCall } from '../../../src/domain/following/start-call.ts';
import { askWhoStarted, dropQuestions } from '../../../src/operations/following/ask-who-started.ts';
import { anAwsError, aQueue, now } from '../../support/builders.ts';
import { recordedLog } from '../../support/recorded.ts';
import { memoryFollowStore } from './memory-follow-store.ts';

const minute = 60_000;
const [orders, mails, quiet] = [aQueue(), aQueue({ name: 'mails-dlq' }), aQueue({ name: 'quiet-dlq' })];
const question = (startedAt: number, askAt = now) => ({ startedAt, askAt });
const began = now - 2 * minute;
const earlier = now - 5 * minute;

/** Asks about three queues of one role; `questions` are those of two of them. */
async function asked(found: Outcome<StartCall[]>, questions: Following['questions'][]) {
  const announcement = {
    key: 'k',
    startedAt: began,
    seen: { task: { status: 'RUNNING' as const, statusText: 'RUNNING' }, at: now },
    maybeDelivered: false,
    since: now,
    notBefore: now + 1,
    failures: 0,
  };
  const { store, of, commits } = memoryFollowStore({
    [orders.arn]: { announcements: [announcement], ...(questions[0] && { questions: questions[0] }) },
    [mails.arn]: questions[1] ? { questions: questions[1] } : {},
  });
  const { lines, log } = recordedLog();
  const calls: unknown[] = [];
  const startCalls = {
    find: async (...call: unknown[]) => {
      calls.push(call);
      return found;
    },
  };
  const outcome = await askWhoStarted([orders, mails, quiet], { store, startCalls, clock: () => now, log });
  const left = [orders, mails].map(({ arn }) => of(arn).questions);
  const named = of(orders.arn).announcements[0]?.startedBy;
  return { outcome, calls, left, named, lines, commits };
}

describe('who started a redrive', () => {
  test('is asked once for everything due for a role, over the period of the possible calls', async () => {
    const { calls } = await asked({ ok: true, value: [] }, [
      [question(began), question(now - minute, now + 1)],
      [question(earlier, now - 1)],
    ]);
    expect(calls).toEqual([[orders, { from: earlier - minute, to: began + 3_000 }]]);
  });

  test.each<[string, Following['questions']]>([
    ['none was ever asked for', undefined],
    ['none is due yet', [question(began, now + 1)]],
  ])('is not asked if %s', async (_why, questions) => {
    const { outcome, calls, left, commits } = await asked({ ok: true, value: [] }, [questions, undefined]);
    expect([outcome, calls, left, commits]).toEqual(['asked', [], [questions, undefined], []]);
  });

  test('is named on the card of that redrive, and of no other', async () => {
    const value = [
      { queueArn: orders.arn, at: began, by: 'Ada' },
      { queueArn: quiet.arn, at: earlier, by: 'Bob' },
    ];
    expect(await asked({ ok: true, value }, [[question(began)], [question(earlier)]])).toMatchObject({
      outcome: 'asked',
      named: 'Ada',
      left: [[], [question(earlier, earlier + 9 * minute)]],
      lines: [
        { level: 'info', queue: orders.arn, startedAt: began, message: 'found out who started a redrive' },
      ],
    });
  });

  test('is left open if CloudTrail has the call but not the caller', async () => {
    const value = [{ queueArn: orders.arn, at: began }];
    const { named, left } = await asked({ ok: true, value }, [[question(began)], undefined]);
    expect([named, left]).toEqual([undefined, [[], undefined]]);
  });

  test("is not taken from the previous redrive's call", async () => {
    const value = [{ queueArn: orders.arn, at: began - 30_000, by: 'Bob' }];
    const after = { ...question(began), previousStartedAt: began - 30_000 };
    expect((await asked({ ok: true, value }, [[after], undefined])).named).toBeUndefined();
  });

  test('is asked again later when CloudTrail does not answer', async () => {
    const awsError = anAwsError({ kind: 'throttled' });
    expect(await asked({ ok: false, awsError }, [[question(began)], undefined])).toMatchObject({
      outcome: 'asked',
      left: [[question(began, began + 5 * minute)], undefined],
      lines: [{ level: 'debug', awsError: 'throttled' }],
    });
  });

  test('is no longer asked at all once the role may not', async () => {
    const denied = await asked({ ok: false, awsError: anAwsError() }, [
      [question(began)],
      [question(now, now + 1)],
    ]);
    expect(denied).toMatchObject({
      outcome: 'denied',
      left: [[], []],
      lines: [{ level: 'info', role: orders.role.arn }],
    });
    expect(denied.commits).toHaveLength(2);
  });

  test('is dropped only for those who asked', async () => {
    const { store, commits } = memoryFollowStore({ [mails.arn]: { questions: [] } });
    await dropQuestions([orders, mails], { store });
    expect(commits).toEqual([]);
  });
});
