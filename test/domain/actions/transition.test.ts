import { describe, expect, test } from 'vitest';
import type { ActionEvent } from '../../../src/domain/actions/action.ts';
import { isOpen, nextDueAt, rejectionOf } from '../../../src/domain/actions/lifecycle.ts';
import { withoutDelivery, withPending } from '../../../src/domain/actions/outbox.ts';
import { isOverdue, isPollDue } from '../../../src/domain/actions/poll.ts';
import { transition } from '../../../src/domain/actions/transition.ts';
import { aTask, now } from '../../support/builders.ts';
import { aCancel, approval, approver, aStart, other, requester, resulting } from './an-action.ts';

const minute = 60_000;
const rejected: ActionEvent = {
  kind: 'answered',
  outcome: { kind: 'rejected', result: { code: 'AccessDenied', requestId: 'r1' } },
};
const accepted: ActionEvent = {
  kind: 'answered',
  outcome: { kind: 'accepted', result: { requestId: 'r1' } },
};
const own = aTask({ startedAt: now + 2_000, customRate: 10 });
const polled = (askedAt: number, ...tasks: ReturnType<typeof aTask>[]): [number, ActionEvent] => [
  askedAt,
  { kind: 'polled', askedAt: now + askedAt, tasks },
];
const kindsOf = (action: { outbox: readonly { kind: string }[] }) => action.outbox.map(({ kind }) => kind);
const posted: [number, ActionEvent] = [0, { kind: 'posted', message: '1.1' }];

describe('a request', () => {
  test('is started by an approver, whose name, numbers and newest known task are stored', () => {
    const done = transition(resulting(aStart(), posted), approval({ depth: 1004 }), now + minute);
    expect(done).toMatchObject({
      kind: 'changed',
      call: 'start',
      action: {
        state: 'starting',
        decider: approver,
        depthAtRequest: 1000,
        depthAtDecision: 1004,
        newestKnown: now - 3_600_000,
        calledAt: now + minute,
      },
    });
  });

  test.each<[string, ActionEvent, string]>([
    ['approved by oneself', approval({ by: requester }), 'own-request'],
    ['approved by somebody else', approval({ by: other, isApprover: false }), 'not-an-approver'],
    ['declined by oneself', { kind: 'decline', by: requester, isApprover: true }, 'own-request'],
    ['declined by somebody else', { kind: 'decline', by: other, isApprover: false }, 'not-an-approver'],
    ['withdrawn by somebody else', { kind: 'withdraw', by: approver }, 'not-the-requester'],
    ['submitted past the approval', { kind: 'submit', newestKnown: now }, 'not-an-approver'],
  ])('is not %s', (_, event, because) => {
    expect(transition(aStart(), event, now + minute)).toEqual({ kind: 'ignored', why: { because } });
  });

  test.each<[string, ActionEvent, string[]]>([
    ['declined', { kind: 'decline', by: approver, isApprover: true }, ['update', 'outcome']],
    ['withdrawn', { kind: 'withdraw', by: requester }, ['update']],
    ['void', { kind: 'void', because: 'redrive-off' }, ['update', 'outcome']],
  ])('ends as %s, and a late approver learns who decided', (state, event, deliveries) => {
    const ended = resulting(aStart(), posted, [minute, event]);
    expect({ state: ended.state, deliveries: kindsOf(ended) }).toEqual({ state, deliveries });
    const decider = 'by' in event ? { decider: event.by } : {};
    expect(transition(ended, approval(), now + minute)).toEqual({
      kind: 'ignored',
      why: { because: 'decided-already', state, ...decider },
    });
  });

  test('is reminded of once at half time, and expires', () => {
    const open = resulting(aStart(), posted);
    expect(nextDueAt(open)).toBe(now + 15 * minute);
    const reminded = resulting(open, [15 * minute, { kind: 'time' }]);
    expect({ kinds: kindsOf(reminded), at: reminded.remindedAt }).toEqual({
      kinds: ['update', 'reminder'],
      at: now + 15 * minute,
    });
    expect(transition(reminded, { kind: 'time' }, now + 20 * minute)).toMatchObject({ kind: 'ignored' });
    const expired = resulting(reminded, [30 * minute, { kind: 'time' }]);
    expect({ state: expired.state, kinds: kindsOf(expired) }).toEqual({
      state: 'expired',
      kinds: ['update', 'outcome'],
    });
  });

  test('accepts no late approval, even if its reminder and expiry were not processed', () => {
    expect(transition(aStart(), approval(), now + 30 * minute)).toMatchObject({
      action: { state: 'expired' },
    });
  });
});

describe('when the depth changed', () => {
  test.each([
    [1000, 1100, false],
    [1000, 1101, true],
    [1000, 899, true],
    [5, 15, false],
    [5, 16, true],
    [100, 110, false],
    [100, 111, true],
  ])('from %i to %i requires a second click: %s', (before, depth, isAsked) => {
    const done = transition(aStart({ depth: before }), approval({ depth }), now + minute);
    expect(done.kind === 'changed' && done.askAgain).toEqual(isAsked ? { depth, before } : undefined);
  });

  const shown = resulting(aStart(), posted, [minute, approval({ depth: 2000 })]);

  test('the first click shows the new number and starts nothing', () => {
    expect({ state: shown.state, kinds: kindsOf(shown), shown: shown.confirmation }).toEqual({
      state: 'requested',
      kinds: ['update'],
      shown: { by: approver, depth: 2000, at: now + minute },
    });
  });

  test('a second click after seeing it counts within five minutes', () => {
    const second = approval({ depth: 2005, confirms: 2000 });
    expect(transition(shown, second, now + 6 * minute)).toMatchObject({ call: 'start' });
    expect(transition(shown, second, now + 6 * minute + 1)).toMatchObject({ askAgain: { depth: 2005 } });
  });

  test('a double first click, without seeing it, does not', () => {
    expect(transition(shown, approval({ depth: 2000 }), now + minute + 1)).toMatchObject({
      askAgain: { depth: 2000, before: 1000 },
    });
  });

  test('and can no longer be counted, nothing is started', () => {
    const { depth: _, ...uncounted } = approval();
    expect(transition(aStart(), uncounted, now)).toEqual({
      kind: 'ignored',
      why: { because: 'depth-unknown' },
    });
  });
});

describe('a start that was called', () => {
  const starting = resulting(aStart(), posted, [minute, approval()]);
  const unsure = resulting(starting, [minute + 10, { kind: 'answer-lost' }]);

  test('and accepted is started; its card follows once SQS lists the task', () => {
    const started = resulting(starting, [minute + 200, accepted]);
    expect(started).toMatchObject({
      state: 'started',
      result: { requestId: 'r1' },
      pollAt: now + minute + 200,
    });
    const listed = resulting(
      started,
      polled(minute + 90_000, aTask({ startedAt: now + minute, customRate: 10 })),
    );
    expect({ ...listed.result, kinds: kindsOf(listed), pollAt: listed.pollAt }).toEqual({
      requestId: 'r1',
      startedAt: now + minute,
      kinds: ['card'],
      pollAt: undefined,
    });
  });

  test('and refused is rejected, with the reason of AWS', () => {
    expect(resulting(starting, [minute + 200, rejected])).toMatchObject({
      state: 'rejected',
      result: { code: 'AccessDenied', requestId: 'r1' },
    });
  });

  test('without an answer is unsure, and started once our task is listed', () => {
    expect(unsure.state).toBe('unsure');
    const strangers = [
      aTask({ startedAt: now - 3_600_000, customRate: 10 }),
      aTask({ startedAt: now + minute, customRate: 20 }),
      aTask({ startedAt: now + minute }),
      aTask({
        startedAt: now + minute,
        customRate: 10,
        destinationArn: 'arn:aws:sqs:eu-west-1:111122223333:x',
      }),
    ];
    const later = resulting(unsure, polled(minute + 5_000, ...strangers));
    expect(later.state).toBe('unsure');
    expect(resulting(later, polled(minute + 9_000, ...strangers, own))).toMatchObject({
      state: 'started',
      result: { startedAt: now + 2_000 },
    });
  });

  test('when SQS listed nothing before it: a task of long ago is not ours', () => {
    const called = resulting(aStart(), [minute, approval({ newestKnown: 0 })], [minute, accepted]);
    const old = aTask({ startedAt: now - 2 * 60 * minute, customRate: 10 });
    const waiting = resulting(called, polled(minute + 5_000, old));
    expect(waiting.result.startedAt).toBeUndefined();
    const own = aTask({ startedAt: now + minute, customRate: 10 });
    expect(resulting(waiting, polled(minute + 9_000, own, old)).result.startedAt).toBe(own.startedAt);
  });

  const minuteOfPolls = Array.from({ length: 13 }, (_, i) => polled(minute + 5_000 * (i + 1)));

  test('is not started after a minute of successful polls without it, not sooner', () => {
    expect(resulting(unsure, ...minuteOfPolls.slice(0, 12)).state).toBe('unsure');
    expect(resulting(unsure, ...minuteOfPolls)).toMatchObject({ state: 'not-started' });
  });

  test('does not count polls that failed or began before the call toward "not started"', () => {
    const failed = minuteOfPolls.map(([at]): [number, ActionEvent] => [
      at,
      { kind: 'polled', askedAt: now + at },
    ]);
    expect(resulting(unsure, ...failed).state).toBe('unsure');
    const early = minuteOfPolls.map(([at]): [number, ActionEvent] => [
      at,
      { kind: 'polled', askedAt: now, tasks: [] },
    ]);
    expect(resulting(unsure, ...early).state).toBe('unsure');
    const called = resulting(aStart(), [10 * minute, approval()], [10 * minute, { kind: 'answer-lost' }]);
    const beforeIt = minuteOfPolls.map(([at, event]): [number, ActionEvent] => [9 * minute + at, event]);
    expect(resulting(called, ...beforeIt).state).toBe('unsure');
  });

  test('is not proven by a minute in which SQS answered only four times', () => {
    const few = [0, 4, 8, 12].map((i) => minuteOfPolls[i] ?? polled(0));
    expect(resulting(unsure, ...few).state).toBe('unsure');
    expect(resulting(unsure, ...few, polled(minute + 66_000)).state).toBe('not-started');
  });

  test('is not proven by polls from before the clock went back', () => {
    const called = resulting(
      aStart({ expireAfterMs: 120 * minute }),
      [60 * minute, approval()],
      [60 * minute, { kind: 'answer-lost' }],
    );
    const back = resulting(called, ...minuteOfPolls);
    expect(back.state).toBe('not-started');
    const [first, ...others] = minuteOfPolls;
    const ahead = polled(61 * minute);
    const almost = resulting(called, ahead, ...(first ? [first] : []), ...others.slice(0, 11));
    expect([almost.state, resulting(almost, ...others.slice(11)).state]).toEqual(['unsure', 'not-started']);
  });

  test('that SQS accepted stays started, however long its task is not listed', () => {
    const started = resulting(starting, [minute + 200, accepted]);
    const later = resulting(started, ...minuteOfPolls);
    expect([later.state, isOpen(later)]).toEqual(['started', true]);
    const listed = resulting(later, polled(3 * minute, aTask({ startedAt: now + minute, customRate: 10 })));
    expect([listed.endedAt, isOpen(listed)]).toEqual([started.endedAt, false]);
    const givenUp = resulting(later, [40 * 60 * minute, { kind: 'polled', askedAt: now + 40 * 60 * minute }]);
    expect(givenUp).toMatchObject({ state: 'started', result: { unresolved: true } });
    expect(isOpen(givenUp)).toBe(false);
    const lost = resulting(unsure, [40 * 60 * minute, { kind: 'polled', askedAt: now + 40 * 60 * minute }]);
    expect(lost).toMatchObject({ state: 'not-started', result: { unresolved: true } });
  });

  test("becomes started after all if SQS lists it late, unlike someone else's later one", () => {
    const notStarted = resulting(unsure, ...minuteOfPolls);
    expect(resulting(notStarted, polled(4 * minute, own))).toMatchObject({ state: 'started' });
    const muchLater = aTask({ startedAt: now + 12 * minute, customRate: 10 });
    expect(resulting(notStarted, polled(13 * minute, muchLater)).state).toBe('not-started');
    expect(resulting(notStarted, polled(17 * minute)).pollAt).toBeUndefined();
  });
});

describe('a cancel', () => {
  const unsure = resulting(aCancel(), [10, { kind: 'answer-lost' }]);
  const task = (status: 'RUNNING' | 'CANCELLING' | 'COMPLETED') => aTask({ status, startedAt: now - 60_000 });

  test.each<['accepted' | 'had-ended' | 'rejected' | 'unsure', string]>([
    ['accepted', 'cancelled'],
    ['had-ended', 'had-ended'],
    ['rejected', 'rejected'],
    ['unsure', 'unsure'],
  ])('that is answered with %s is %s', (kind, state) => {
    const answered = resulting(aCancel(), [200, { kind: 'answered', outcome: { kind, result: {} } }]);
    expect({ state: answered.state, kinds: kindsOf(answered) }).toEqual({ state, kinds: ['outcome'] });
  });

  test.each([
    ['CANCELLING' as const, 'cancelled'],
    ['COMPLETED' as const, 'had-ended'],
    ['RUNNING' as const, 'unsure'],
  ])('without an answer, of a task that is %s, is %s', (status, state) => {
    expect(resulting(unsure, polled(5_000, task(status))).state).toBe(state);
  });

  test.each([
    ['that has failed meanwhile', 'FAILED' as const, 'had-ended'],
    ['that is canceled by now', 'CANCELLED' as const, 'cancelled'],
    ['that still runs after a minute of polls', 'RUNNING' as const, 'rejected'],
  ])('without an answer, of a task %s, is %s', (_which, status, state) => {
    const newer = aTask({ startedAt: now - 30_000, status: 'COMPLETED' });
    const listed = aTask({ status, startedAt: now - minute });
    const polls = Array.from({ length: 14 }, (_, i) => polled(5_000 * (i + 1), newer, listed));
    const after = resulting(unsure, ...polls);
    expect({ state: after.state, pollAt: after.pollAt, kinds: kindsOf(after) }).toEqual({
      ...{ state, pollAt: undefined, kinds: ['outcome'] },
    });
  });

  test('without an answer, of a task that is not listed any more, has ended, after a minute of polls', () => {
    const polls = Array.from({ length: 14 }, (_, i) => polled(5_000 * (i + 1)));
    expect(resulting(unsure, ...polls.slice(0, 12)).state).toBe('unsure');
    expect(resulting(unsure, ...polls).state).toBe('had-ended');
  });

  test('without an answer, of a task that another one had canceled before, is not claimed', () => {
    const wasCanceledBefore = {
      ...polled(5_000, task('CANCELLING'))[1],
      wasCanceledBefore: true,
    } as ActionEvent;
    expect(resulting(unsure, [5_000, wasCanceledBefore]).state).toBe('had-ended');
  });

  test('without an answer, resolved by a bot that was off for two days', () => {
    const twoDays = 48 * 60 * minute;
    expect(resulting(unsure, polled(twoDays, task('CANCELLING')))).toMatchObject({
      ...{ state: 'cancelled', result: {} },
    });
    expect(resulting(unsure, polled(twoDays)).result).toEqual({ unresolved: true });
    expect(resulting(unsure, [twoDays, { kind: 'polled', askedAt: now + twoDays }]).state).toBe('rejected');
  });
});

test("leaves an action in a newer version's state alone", () => {
  const unsure = resulting(aStart(), [0, approval()], [10, { kind: 'answer-lost' }]);
  const newer = { ...unsure, state: 'unknown' as const };
  const task = aTask({ startedAt: now + 1, customRate: 10 });
  expect(resulting(newer, [5_000, { kind: 'polled', askedAt: now + 5_000, tasks: [task] }])).toEqual(newer);
});

test('an answer that comes after the end changes nothing', () => {
  const ended = [
    resulting(aStart(), posted, [minute, { kind: 'decline', by: approver, isApprover: true }]),
    resulting(aStart(), posted, [0, approval()], [0, accepted]),
    resulting(aCancel(), [0, { kind: 'answered', outcome: { kind: 'accepted', result: {} } }]),
  ];
  for (const action of ended)
    for (const [, event] of [
      [0, rejected],
      [0, accepted],
      [0, { kind: 'answer-lost' }],
    ] as [number, ActionEvent][])
      expect(transition(action, event, now + minute)).toMatchObject({
        ...{ kind: 'ignored', why: { because: 'decided-already', state: action.state } },
      });
});

describe('a poll', () => {
  const unsure = { ...resulting(aStart(), [0, approval()], [0, { kind: 'answer-lost' }]), pollAt: now };

  test.each([
    ['is due at its time', 0, true],
    ['is not due before', -1, false],
    ['is not due a minute before', -minute, false],
    ['is due if it is planned further away than any poll is: the clock went back', -minute - 1, true],
  ])('%s', (_when, afterMs, isDue) => {
    expect([isPollDue(unsure, now + afterMs), isOverdue(unsure, now + afterMs)]).toEqual([isDue, isDue]);
  });

  test('is never due where there is nothing to find out', () => {
    const { pollAt: _, ...over } = unsure;
    expect([isPollDue(over, now), isPollDue(over, now + 99 * minute)]).toEqual([false, false]);
  });

  test.each<[string, Partial<typeof unsure>, boolean]>([
    ['a call', { state: 'starting' }, true],
    ['a cancel', { state: 'cancelling' }, true],
    ['a call of just now', { state: 'starting', calledAt: now - 1 }, false],
    ['a decision', { state: 'declined' }, false],
  ])('is overdue if the clock is behind %s: %s', (_what, given, expected) => {
    const { pollAt: _, ...called } = { ...unsure, calledAt: now, ...given };
    expect(isOverdue(called, now - 1)).toBe(expected);
  });
});

describe('what is due next', () => {
  const due = (action: Parameters<typeof nextDueAt>[0]) => {
    const at = nextDueAt({ ...action, outbox: [] });
    return at === undefined ? undefined : at - now;
  };

  test('is the reminder of a request, then its expiry', () => {
    expect([
      due(aStart()),
      due({ ...aStart(), remindedAt: now }),
      due(aStart({ needsApproval: false })),
    ]).toEqual([15 * minute, 30 * minute, 30 * minute]);
  });

  test('is to find out what happened to a call, from its start on', () => {
    const called = resulting(aStart(), [minute, approval()]);
    expect([due(called), due(aCancel()), isOpen(called), isOpen(aCancel())]).toEqual([minute, 0, true, true]);
    const lost = resulting(called, [2 * minute, { kind: 'answer-lost' }]);
    expect([due(lost), isOpen(lost)]).toEqual([2 * minute + 1_000, true]);
  });

  test('is nothing once it is over', () => {
    const declined = resulting(aStart(), [minute, { kind: 'decline', by: approver, isApprover: true }]);
    expect([due(declined), isOpen(declined)]).toEqual([undefined, false]);
  });

  test('is the message of a request before everything else', () => {
    const [request] = aStart().outbox;
    const waits = request ? [{ ...request, notBefore: now + 5 }] : [];
    const others = resulting(resulting(aStart(), posted), [
      0,
      { kind: 'void', because: 'redrive-off' },
    ]).outbox;
    const over = { ...resulting(aStart(), [0, { kind: 'withdraw', by: requester }]) };
    expect(nextDueAt({ ...over, outbox: [...others, ...waits] })).toBe(now + 5);
    expect(nextDueAt({ ...over, outbox: others })).toBe(now);
  });
});

test.each([
  [{ code: 'NotAllowed', errorKind: 'unreachable' }, 'settings'],
  [{ code: 'x', errorKind: 'credentials-missing' }, 'own-credentials'],
  [{ code: 'x', errorKind: 'credentials-invalid' }, 'own-credentials'],
  [{ code: 'x', errorKind: 'session-expired' }, 'own-credentials'],
  [{ code: 'x', errorKind: 'unreachable' }, 'not-reached'],
  [{ code: 'x', errorKind: 'throttled', awsAction: 'sts:AssumeRole' }, 'aws-in-trouble'],
  [{ code: 'x', errorKind: 'aws-failed', awsAction: 'sts:AssumeRole' }, 'aws-in-trouble'],
  [{ code: 'x', errorKind: 'throttled', awsAction: 'sqs:StartMessageMoveTask' }, 'aws'],
  [{ code: 'x', errorKind: 'aws-failed' }, 'aws'],
  [{ code: 'x', errorKind: 'access-denied', awsAction: 'sts:AssumeRole' }, 'aws'],
  [{ code: 'x' }, 'aws'],
] as const)('%j was rejected by: %s', (result, by) => {
  expect(rejectionOf(result)).toBe(by);
});

describe('a message of a request that is gone', () => {
  const gone = (message: string): ActionEvent => ({ kind: 'message-gone', message });

  test('is posted again once, and after that the request is void', () => {
    const again = resulting(aStart(), posted, [minute, gone('1.1')]);
    expect([kindsOf(again), again.repostedAt, again.place]).toEqual([
      ['request'],
      now + minute,
      { channel: 'C0123' },
    ]);
    expect(again.outbox[0]?.key).not.toBe(aStart().outbox[0]?.key);
    const twice = resulting(again, [minute, { kind: 'posted', message: '2.2' }], [2 * minute, gone('2.2')]);
    expect(twice).toMatchObject({ state: 'void', voidBecause: 'message-gone', endedAt: now + 2 * minute });
    expect(kindsOf(twice)).toEqual(['outcome']);
  });

  test('is ignored if it is an older message, and seen even after the request expired', () => {
    const action = resulting(aStart(), posted);
    expect(transition(action, gone('0.9'), now)).toEqual({
      ...{ kind: 'ignored', why: { because: 'nothing-new' } },
    });
    expect(resulting(action, [31 * minute, gone('1.1')]).state).toBe('requested');
  });
});

describe('the messages about an action', () => {
  test('show a decision that was made while the request was being posted', () => {
    const decided = resulting(aStart(), [minute, { kind: 'withdraw', by: requester }]);
    expect(kindsOf(decided)).toEqual(['request']);
    expect(kindsOf(resulting(decided, posted))).toEqual(['update']);
    expect(kindsOf(resulting(aStart(), posted))).toEqual([]);
  });

  test('are kept when the request is posted after all', () => {
    const lost = resulting(aStart(), [0, approval()], [minute, { kind: 'answer-lost' }]);
    expect(kindsOf(lost)).toEqual(['request', 'outcome']);
    expect(kindsOf(resulting(lost, posted))).toEqual(['outcome', 'update']);
  });

  test('about two states are not taken for each other', () => {
    const lost = resulting(aStart(), posted, [0, approval()], [minute, { kind: 'answer-lost' }]);
    const notStarted = resulting(
      lost,
      ...Array.from({ length: 14 }, (_, i) => polled(minute + 5_000 * (i + 1))),
    );
    const keys = [lost, notStarted].flatMap(({ outbox }) =>
      outbox.flatMap(({ kind, key }) => (kind === 'outcome' ? [key] : [])),
    );
    expect([notStarted.state, new Set(keys).size]).toEqual(['not-started', 2]);
  });

  test('wait each for itself', () => {
    const [update, outcome] = resulting(
      aStart(),
      posted,
      [0, approval()],
      [0, { kind: 'answer-lost' }],
    ).outbox;
    if (!update || !outcome) throw new Error('It has no messages.');
    const action = { ...aStart(), outbox: [update, outcome] };
    const waits = withPending(action, update.key, { notBefore: now + 9, failures: 1 });
    expect(waits.outbox).toEqual([{ ...update, notBefore: now + 9, failures: 1 }, outcome]);
    expect(withoutDelivery(action, outcome.key).outbox).toEqual([update]);
  });

  test('drop a reminder once it is decided, but not while it waits', () => {
    const reminded = resulting(aStart(), posted, [16 * minute, { kind: 'time' }]);
    expect(kindsOf(reminded)).toEqual(['update', 'reminder']);
    const asked = resulting(reminded, [17 * minute, approval({ depth: 5000 })]);
    expect(kindsOf(asked)).toEqual(['reminder', 'update']);
    expect(kindsOf(resulting(asked, [18 * minute, approval({ depth: 5000, confirms: 5000 })]))).toEqual([
      'update',
    ]);
  });

  test('are replaced by the card of the new redrive', () => {
    const started = resulting(aStart(), posted, [minute, approval()], [minute, { kind: 'answer-lost' }]);
    expect(kindsOf(started)).toEqual(['update', 'outcome']);
    const mine = aTask({ startedAt: now + minute, customRate: 10 });
    expect(kindsOf(resulting(started, polled(minute + 5_000, mine)))).toEqual(['card']);
  });

  test('have keys of their own, so that a newer edit is not taken for an older one', () => {
    const action = resulting(aStart(), posted);
    const keyAt = (version: number) =>
      resulting({ ...action, version }, [minute, approval()]).outbox.map(({ key }) => key);
    expect(new Set([1, 2, 3].flatMap(keyAt)).size).toBe(3);
  });
});
