import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Action } from '../../src/domain/actions/action.ts';
import {
  actionInHistory,
  cameBack,
  joinedRedrives,
  type PastRedrive,
  pastRedriveInWords,
  pastRedriveOf,
} from '../../src/domain/history.ts';
import { nowhere } from '../../src/domain/message-place.ts';
import { inPlainWords, type Phrase } from '../../src/domain/wording.ts';
import { aQueue, aTask, now } from '../support/builders.ts';
import { aCancel, approver, aStart, requester } from './actions/an-action.ts';
import { aWatch } from './watch/a-watch.ts';

const minute = 60_000;
const queueArn = aQueue().arn;
const card = { channel: 'C1', ts: '1.1' };
const startedHere = { requester, decider: approver, reason: 'fixed in 1.2' };

function aRedrive(given: Partial<PastRedrive> = {}): PastRedrive {
  const task = aTask({ status: 'COMPLETED', moved: 1_000, startedAt: now });
  return { queueArn, startedAt: now, task, seenAt: now + minute, endedBy: now + minute, ...given };
}

describe('what a watch knows of a redrive', () => {
  const task = aTask({ status: 'CANCELLED', startedAt: now });
  const seen = { task, at: now + 2 * minute };
  const watch = aWatch({ queueArn, startedAt: now, card, seen });
  const known = { queueArn, startedAt: now, task, seenAt: now + 2 * minute };

  test('is nothing before its end was seen', () => {
    const { seen: _, ...unseen } = watch;
    const running = { ...watch, seen: { ...seen, task: aTask({ startedAt: now }) } };
    expect([pastRedriveOf(unseen), pastRedriveOf(running)]).toEqual([undefined, undefined]);
  });

  test('is when its end was seen, and where; no more is claimed', () => {
    expect(pastRedriveOf(watch)).toStrictEqual({ ...known, endedBy: now + 2 * minute, card });
    expect(pastRedriveOf({ ...watch, card: nowhere })).not.toHaveProperty('card');
  });

  test('is what was left, what came back, and who started it, once known', () => {
    const end = { seenAt: now + minute, depth: 0, highestDepthSaid: 9, checkedUpToMs: 0, failedPolls: 0 };
    const action = { ...aStart(), decider: approver };
    expect(pastRedriveOf({ ...watch, end, followed: { startedBy: 'ada' } }, action)).toStrictEqual({
      ...{ ...known, endedBy: now + minute, left: 0, highest: 9, card },
      ...{ startedHere: { requester, decider: approver, reason: action.reason }, startedElsewhere: 'ada' },
    });
  });
});

describe('two accounts of one redrive', () => {
  const account = fc.record(
    {
      seenAt: fc.integer({ min: 1, max: 9 }),
      endedBy: fc.integer({ min: 1, max: 9 }),
      left: fc.integer({ min: 0, max: 9 }),
      highest: fc.integer({ min: 0, max: 9 }),
    },
    { requiredKeys: ['seenAt', 'endedBy'] },
  );

  test('lose nothing, whichever comes first: the earliest end, the fewest left, the most that came back', () => {
    fc.assert(
      fc.property(account, account, (one, other) => {
        const joined = joinedRedrives(aRedrive(one as PastRedrive), aRedrive(other as PastRedrive));
        const known = (name: 'left' | 'highest') => [one, other].flatMap((each) => each[name] ?? []);
        const bound = (name: 'left' | 'highest', of: (...counts: number[]) => number) =>
          known(name).length === 0 ? {} : { [name]: of(...known(name)) };
        expect(joined).toStrictEqual({
          ...aRedrive(),
          seenAt: Math.max(one.seenAt, other.seenAt),
          endedBy: Math.min(one.endedBy, other.endedBy),
          ...bound('left', Math.min),
          ...bound('highest', Math.max),
        });
      }),
    );
  });

  test('show the later numbers, and the card that was there first', () => {
    const late = aRedrive({ seenAt: now + 3 * minute, task: aTask({ status: 'COMPLETED', moved: 7 }) });
    const early = aRedrive({ startedHere });
    const [firstCard, lastCard] = [card, { channel: 'C2', ts: '2.2' }];
    for (const joined of [joinedRedrives(early, late), joinedRedrives(late, early)])
      expect(joined).toStrictEqual({ ...late, endedBy: now + minute, startedHere });
    const withCards = joinedRedrives({ ...early, card: firstCard }, { ...late, card: lastCard });
    expect(withCards.card).toEqual(firstCard);
    expect(joinedRedrives(early, { ...late, card: lastCard }).card).toEqual(lastCard);
  });
});

test.each([
  [0, 40, 40],
  [30, 40, 10],
  [40, 30, 0],
  [undefined, 40, 0],
  [40, undefined, 0],
])('with %s left and at most %s afterwards, %s came back', (left, highest, back) => {
  const counts = { ...(left !== undefined && { left }), ...(highest !== undefined && { highest }) };
  expect(cameBack(aRedrive(counts))).toBe(back);
});

const namesIn = (said: Phrase) =>
  said.flatMap((part) => (typeof part === 'object' && 'name' in part ? [part.name] : []));
const peopleIn = (said: Phrase) =>
  said.flatMap((part) => (typeof part === 'object' && 'person' in part ? [part.person] : []));

describe('a redrive in the history', () => {
  const parts = (given: Partial<PastRedrive>, more?: Parameters<typeof pastRedriveInWords>[1]) =>
    inPlainWords(pastRedriveInWords(aRedrive(given), more)).split(' · ');
  const task = aRedrive().task;

  test('says its status, start, length and numbers, and only that if no more is known', () => {
    const said = parts({});
    expect(said).toHaveLength(4);
    expect(said.join()).toMatch(/Completed.*2026-11-24 03:00 UTC.*1 min.*1,000 of 1,000/);
  });

  test.each<[string, Partial<PastRedrive>, string]>([
    ['its rate', { task: { ...task, customRate: 5 } }, '5 per second'],
    [
      'where its messages went',
      { task: { ...task, destinationArn: aQueue({ name: 'orders' }).arn } },
      'orders',
    ],
    ['why it failed', { task: { ...task, status: 'FAILED', failureReason: 'AccessDenied' } }, 'AccessDenied'],
    ['that SQS gave no reason', { task: { ...task, status: 'FAILED' } }, 'no reason'],
    ['what was left', { left: 3 }, '3 messages'],
    ['who started it elsewhere', { startedElsewhere: 'ada' }, 'ada'],
  ])('says %s', (_what, given, said) => {
    const added = parts(given).filter((part) => !parts({}).includes(part));
    expect(added.some((part) => part.includes(said))).toBe(true);
    expect(parts(given).length).toBe(5);
  });

  test('says what came back, if anything did', () => {
    expect(parts({ left: 3, highest: 12 }).at(-1)).toContain('9 messages');
    expect(parts({ left: 3, highest: 3 })).toHaveLength(5);
  });

  test('says who requested and who approved it, and why', () => {
    const said = pastRedriveInWords(aRedrive({ startedHere, startedElsewhere: 'ada' }));
    expect([peopleIn(said), namesIn(said)]).toEqual([[requester, approver], ['fixed in 1.2']]);
    const own = pastRedriveInWords(aRedrive({ startedHere: { ...startedHere, decider: requester } }));
    expect(peopleIn(own)).toEqual([requester]);
    const { decider: _, ...alone } = startedHere;
    expect(peopleIn(pastRedriveInWords(aRedrive({ startedHere: alone })))).toEqual([requester]);
    const start = { ...alone, requester: 'UOTHER' };
    expect(peopleIn(pastRedriveInWords(aRedrive(), { start }))).toEqual(['UOTHER']);
    expect(peopleIn(pastRedriveInWords(aRedrive({ startedHere: alone }), { start }))).toEqual([requester]);
  });

  test('shortens a reason, and leaves an empty one out', () => {
    const reasoned = (reason: string, reasonAtMost?: number) =>
      namesIn(
        pastRedriveInWords(aRedrive({ startedHere: { ...startedHere, reason } }), {
          ...(reasonAtMost !== undefined && { reasonAtMost }),
        }),
      );
    expect(reasoned('x'.repeat(301))).toEqual([`${'x'.repeat(299)}…`]);
    expect(reasoned('fixed in 1.2', 6)).toEqual(['fixed…']);
    expect(reasoned('')).toEqual([]);
  });
});

describe('an action in the history', () => {
  const parts = (action: Action) => inPlainWords(actionInHistory(action)).split(' · ');
  const start = aStart();

  test('says who asked, when, how fast, and why', () => {
    expect(peopleIn(actionInHistory(start))).toEqual([requester]);
    expect(parts(start).join()).toMatch(/2026-11-24 03:00 UTC.*10 per second.*The consumer is fixed/);
    const { rate: _, ...cancel } = aCancel();
    expect(parts(cancel)).toHaveLength(3);
    expect([parts(start)[0], parts(cancel)[0]]).toEqual([
      ...[expect.stringContaining('Start'), expect.stringContaining('Cancel')],
    ]);
  });

  test('says who decided, unless it was the same person', () => {
    const decided = (decider: string, state: Action['state']) => {
      const said = actionInHistory({ ...start, state, decider });
      return [peopleIn(said), inPlainWords(said).includes('approved')];
    };
    expect(decided(approver, 'started')).toEqual([[approver, requester], true]);
    expect(decided(approver, 'declined')).toEqual([[approver, requester], false]);
    expect(decided(requester, 'started')).toEqual([[requester], false]);
  });

  test('says where its messages go, and what AWS said', () => {
    const destinationArn = aQueue({ name: 'orders' }).arn;
    const said = actionInHistory({ ...start, destinationArn, result: { code: 'AccessDenied' } });
    expect(namesIn(said)).toEqual(['orders', 'AccessDenied', 'The consumer is fixed']);
  });
});
