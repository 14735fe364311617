import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Action } from '../../../src/domain/actions/action.ts';
import { whyVoid } from '../../../src/domain/actions/lifecycle.ts';
import {
  checksOf,
  type Found,
  forecast,
  newestKnownOf,
  parseStartForm,
  reasonOf,
} from '../../../src/domain/actions/start-form.ts';
import type { MoveTask } from '../../../src/domain/move-task.ts';
import type { Queue } from '../../../src/domain/queue.ts';
import { anAwsError, aQueue, aTask } from '../../support/builders.ts';
import { aCancel, aStart, redriveQueue, redriveRules } from './an-action.ts';

describe('the checks of the form', () => {
  const found = (given: Partial<Found> = {}): Found => ({
    tasks: { ok: true, value: [aTask({ status: 'COMPLETED' })] },
    depth: { ok: true, value: { waiting: 12, inFlight: 0, delayed: 0 } },
    sources: { ok: true, value: ['orders'] },
    ...given,
  });
  const marksOf = (given: Partial<Found>) =>
    Object.fromEntries(checksOf(found(given)).map(({ name, mark }) => [name, mark]));
  const all = { 'no-open-action': 'ok', 'nothing-active': 'ok', 'messages-wait': 'ok', 'is-a-dlq': 'ok' };
  const listed = (...value: MoveTask[]) => ({ tasks: { ok: true as const, value } });
  const denied = { ok: false as const, awsError: anAwsError() };
  const cannotTell = aTask({ status: 'FAILED', failureReason: 'CouldNotDetermineMessageSource' });
  const destinationArn = 'arn:aws:sqs:eu-west-1:111122223333:orders';

  test.each<[string, Partial<Found>, object]>([
    ['all is well', {}, {}],
    ['a task runs', listed(aTask()), { 'nothing-active': 'no' }],
    ['a task is being canceled', listed(aTask({ status: 'CANCELLING' })), { 'nothing-active': 'no' }],
    ['a status is unknown', listed(aTask({ status: 'UNKNOWN' })), { 'nothing-active': 'no' }],
    ['an older one runs', listed(aTask({ status: 'FAILED' }), aTask()), { 'nothing-active': 'no' }],
    ['tasks cannot be listed', { tasks: denied }, { 'nothing-active': 'no' }],
    ['an action is open', { open: aStart() }, { 'no-open-action': 'no' }],
    ['nobody may list the source queues', { sources: denied }, { 'is-a-dlq': 'unknown' }],
    ['it is no dead-letter queue', { sources: { ok: true, value: [] } }, { 'is-a-dlq': 'no' }],
    ['nobody may count', { depth: denied }, { 'messages-wait': 'unknown' }],
    [
      'it is empty',
      { depth: { ok: true, value: { waiting: 0, inFlight: 0, delayed: 0 } } },
      { 'messages-wait': 'no' },
    ],
    [
      'all is in flight',
      { depth: { ok: true, value: { waiting: 0, inFlight: 3, delayed: 0 } } },
      { 'messages-wait': 'unknown' },
    ],
    ['SQS knew no source', listed(cannotTell), { 'source-is-known': 'no' }],
    [
      'SQS knew no source and one is chosen',
      { ...listed(cannotTell), destinationArn },
      { 'source-is-known': 'ok' },
    ],
  ])('when %s', (_, given, differing) => {
    expect(marksOf(given)).toEqual({ ...all, ...differing });
  });

  test('the newest known task is the one with the latest start', () => {
    expect([newestKnownOf([]), newestKnownOf([aTask({ startedAt: 5 }), aTask({ startedAt: 7 })])]).toEqual([
      0, 7,
    ]);
  });
});

describe('what is typed into the form', () => {
  const destination = 'arn:aws:sqs:eu-west-1:111122223333:orders';
  const rules = redriveRules({ destinations: [destination] });
  const form = { rate: '10', reason: 'The consumer is fixed' };

  test('is read as it was meant', () => {
    expect(
      parseStartForm({ rate: ' 50 ', reason: '  two\nlines ', destinationArn: destination }, rules),
    ).toEqual({
      ok: true,
      values: { rate: 50, reason: 'two lines', destinationArn: destination },
    });
  });

  test('may be the lowest and the highest rate, also as a number', () => {
    const rates = ['1', '50', 1, 50].map((rate) => parseStartForm({ ...form, rate }, rules));
    expect(rates.map((parsed) => parsed.ok && parsed.values.rate)).toEqual([1, 50, 1, 50]);
  });

  test.each([
    [{ rate: '51' }, ['rate']],
    [{ rate: '0' }, ['rate']],
    [{ rate: '' }, ['rate']],
    [{ rate: '1e1' }, ['rate']],
    [{ rate: 2.5 }, ['rate']],
    [{ reason: ' ab ' }, ['reason']],
    [{ reason: 'a'.repeat(301) }, ['reason']],
    [{ reason: `:${'a'.repeat(100)}::skin-tone-2:`.repeat(300) }, ['reason']],
    [{ reason: '\u200b\u200b\u200b\u200b' }, ['reason']],
    [{ reason: '\u3164\u2800\u3164\u2800' }, ['reason']],
    [{ destinationArn: 'arn:aws:sqs:eu-west-1:111122223333:elsewhere' }, ['destination']],
    [{ rate: 'x', reason: '', destinationArn: '' }, ['rate', 'reason', 'destination']],
  ])('%j has its faults', (given, fields) => {
    const parsed = parseStartForm({ ...form, ...given }, rules);
    expect(parsed.ok ? [] : parsed.faults.map(({ field }) => field)).toEqual(fields);
  });

  test('never yields a rate outside the limits, whatever is typed', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double(), fc.integer()), (rate) => {
        const parsed = parseStartForm({ ...form, rate }, rules);
        if (parsed.ok) expect(parsed.values.rate >= 1 && parsed.values.rate <= 50).toBe(true);
      }),
    );
  });

  test.each(['🙈', '👩‍💻', '👍🏽', ':see_no_evil:', ':+1::skin-tone-4:', 'é', '한', 'क्षि'])(
    'a reason has 3 to 300 characters as people see them: %s',
    (seen) => {
      const allowed = (times: number) => reasonOf(seen.repeat(times)) === seen.repeat(times);
      expect([2, 3, 300, 301].map(allowed)).toEqual([false, true, true, false]);
    },
  );

  test('a reason is one line of visible text, and does not change when typed again', () => {
    const odd = fc.constantFrom(
      'a',
      ' ',
      '\n',
      '\0',
      '👩',
      '💻',
      '🏽',
      '\ufe0f',
      '\u200d',
      '\u200b',
      '\u202e',
    );
    const typed = fc.oneof(...(['grapheme', odd] as const).map((unit) => fc.string({ unit })));
    fc.assert(
      fc.property(typed, (given) => {
        const reason = reasonOf(given);
        if (reason === undefined) return;
        expect(reason).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069\u200b]/u);
        expect(reasonOf(reason)).toBe(reason);
      }),
    );
  });

  test.each([
    [1204, 10, 'about 2 min', false],
    [5, 10, 'a moment', false],
    [1_296_000, 10, 'about 1 d 12 h', false],
    [1_296_001, 10, 'about 1 d 12 h', true],
  ])('%i messages at %i a second take %s; more than 36 hours: %s', (messages, rate, words, isTooLong) => {
    expect(forecast(messages, rate)).toEqual({ words, isTooLong });
  });
});

describe('a request is no longer valid', () => {
  const ground = { queue: redriveQueue() as Queue | undefined, readOnly: false, channels: [] as string[] };
  const whyNow = (action: Action, given: Partial<typeof ground> = {}) => {
    const { queue, readOnly, channels } = { ...ground, ...given };
    return whyVoid(action, { queueOf: () => queue, readOnly, access: { channels } });
  };
  const { approvers: _, ...alone } = redriveRules();

  test.each<[string, Partial<typeof ground>, string | undefined]>([
    ['while nothing has changed', {}, undefined],
    ['when the bot is read-only', { readOnly: true }, 'read-only'],
    ['when its queue is not listed', { queue: undefined }, 'queue-not-listed'],
    ['when redrives are off', { queue: aQueue() }, 'redrive-off'],
    ['when there are no approvers', { queue: aQueue({ redrive: alone }) }, 'no-approvers'],
    ['when its channel is forbidden', { channels: ['C0999'] }, 'channel-not-allowed'],
    [
      'while its rate is just allowed',
      { queue: redriveQueue({ messagesPerSecond: { default: 5, max: 10 } }) },
      undefined,
    ],
    [
      'when its queue is for other channels',
      { queue: { ...redriveQueue(), channels: ['C9'] } },
      'channel-not-allowed',
    ],
    [
      'when its rate is too high',
      { queue: redriveQueue({ messagesPerSecond: { default: 5, max: 9 } }) },
      'rate-not-allowed',
    ],
  ])('%s', (_, given, because) => {
    expect(whyNow(aStart(), given)).toBe(because);
  });

  test('when its destination is removed from the list', () => {
    const destinationArn = 'arn:aws:sqs:eu-west-1:111122223333:orders';
    expect(whyNow(aStart({ destinationArn }))).toBe('destination-not-allowed');
  });

  test.each([
    ['where it was asked', { channel: 'C0789', askedIn: { channel: 'C0123' } }],
    ['where it was posted', { channel: 'C0123', askedIn: { channel: 'C0789' } }],
  ])('when the channel is forbidden %s', (_where, place) => {
    expect(whyNow(aStart({ place }), { channels: ['C0789'] })).toBe('channel-not-allowed');
    expect(whyNow(aStart({ place }), { channels: ['C0789', 'C0123'] })).toBeUndefined();
  });

  test('but a cancel needs neither rate nor approvers', () => {
    expect(whyNow(aCancel(), { queue: aQueue({ redrive: alone }) })).toBeUndefined();
  });
});
