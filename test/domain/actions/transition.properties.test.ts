import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Action, type ActionEvent } from '../../../src/domain/actions/action.ts';
import { nextDueAt } from '../../../src/domain/actions/lifecycle.ts';
import { transition } from '../../../src/domain/actions/transition.ts';
import { aTask, now } from '../../support/builders.ts';
import { aCancel, approver, aStart, isOver, other, requester } from './an-action.ts';

const person = fc.constantFrom(requester, approver, other);
const depth = fc.option(fc.constantFrom(0, 5, 990, 1000, 1011, 1200, 5000), { nil: undefined });
const optionalDepth = (value: number | undefined) => (value === undefined ? {} : { depth: value });
const task = fc
  .record({
    status: fc.constantFrom('RUNNING', 'COMPLETED', 'CANCELLING', 'CANCELLED', 'FAILED', 'UNKNOWN'),
    startedAt: fc.constantFrom(now - 60_000, now - 3_600_000, now + 5_000, now + 3_600_000),
    customRate: fc.constantFrom(10, 20),
  })
  .map((given) => aTask(given as never));
const event: fc.Arbitrary<ActionEvent> = fc.oneof(
  fc.constant<ActionEvent>({ kind: 'posted', message: '1.1' }),
  depth.map((value): ActionEvent => ({ kind: 'submit', newestKnown: now, ...optionalDepth(value) })),
  fc
    .record({ by: person, isApprover: fc.boolean(), value: depth, confirms: depth })
    .map(({ value, confirms, ...rest }): ActionEvent => {
      const given = confirms === undefined ? {} : { confirms };
      return { kind: 'approve', ...rest, newestKnown: now, ...optionalDepth(value), ...given };
    }),
  fc.record({ by: person, isApprover: fc.boolean() }).map((it): ActionEvent => ({ kind: 'decline', ...it })),
  person.map((by): ActionEvent => ({ kind: 'withdraw', by })),
  fc.constantFrom<ActionEvent>(
    { kind: 'void', because: 'read-only' },
    { kind: 'time' },
    { kind: 'message-gone', message: '1.1' },
    { kind: 'answer-lost' },
  ),
  fc
    .constantFrom('accepted' as const, 'rejected' as const, 'had-ended' as const, 'unsure' as const)
    .map((kind): ActionEvent => ({ kind: 'answered', outcome: { kind, result: { code: 'X' } } })),
  fc
    .option(fc.array(task, { maxLength: 3 }), { nil: undefined })
    .map((tasks): ActionEvent => ({ kind: 'polled', askedAt: 0, ...(tasks && { tasks }) })),
);
const steps = fc.array(fc.tuple(fc.constantFrom(0, 1_000, 20_000, 120_000, 600_000, 2_000_000), event), {
  maxLength: 40,
});
const begun = fc.constantFrom(aStart(), aStart({ needsApproval: false }), aCancel());

type Step = { before: Action; event: ActionEvent; done: ReturnType<typeof transition>; at: number };

/** Applies the events one after another; polls begin when they are applied. */
function run(begin: Action, given: [number, ActionEvent][]): { end: Action; at: number; ran: Step[] } {
  const ran: Step[] = [];
  let [action, at] = [begin, now];
  for (const [waited, next] of given) {
    at += waited;
    const applied = next.kind === 'polled' ? { ...next, askedAt: at } : next;
    const done = transition(action, applied, at);
    ran.push({ before: action, event: applied, done, at });
    if (done.kind === 'changed') action = done.action;
  }
  return { end: action, at, ran };
}

const callsOf = (ran: Step[]) => ran.filter(({ done }) => done.kind === 'changed' && done.call !== undefined);

describe('whatever happens to an action,', () => {
  test('nothing is called twice, and a cancel never starts anything', () => {
    fc.assert(
      fc.property(begun, steps, (begin, given) => {
        const calls = callsOf(run(begin, given).ran);
        expect(calls.length).toBeLessThanOrEqual(begin.kind === 'start' ? 1 : 0);
      }),
      { numRuns: 500 },
    );
  });

  test("it never starts without the required approval, with one's own, or after it has expired", () => {
    fc.assert(
      fc.property(begun, steps, (begin, given) => {
        for (const { before, event: why, done, at } of callsOf(run(begin, given).ran)) {
          expect(at).toBeLessThan(before.expiresAt);
          expect(done.kind === 'changed' && done.action.decider).toBeDefined();
          if (before.needsApproval) {
            expect(why).toMatchObject({ kind: 'approve', isApprover: true });
            expect(why.kind === 'approve' && why.by).not.toBe(before.requester);
          } else expect(why.kind).toBe('submit');
        }
      }),
      { numRuns: 500 },
    );
  });

  test('a decision stands, and shows who made it', () => {
    fc.assert(
      fc.property(begun, steps, person, (begin, given, by) => {
        const { end, at } = run(begin, given);
        fc.pre(end.state !== 'requested');
        expect(transition(end, { kind: 'withdraw', by }, at)).toMatchObject({
          kind: 'ignored',
          why: {
            because: 'decided-already',
            state: end.state,
            ...(end.decider !== undefined && { decider: end.decider }),
          },
        });
      }),
    );
  });

  test('it is never rejected if it may have started', () => {
    fc.assert(
      fc.property(begun, steps, (begin, given) => {
        const { ran } = run(begin, given);
        const rejections = ran.filter(
          ({ before, done }) =>
            before.kind === 'start' &&
            done.kind === 'changed' &&
            done.action.state === 'rejected' &&
            before.state !== 'rejected',
        );
        for (const { event: why } of rejections) {
          expect(why.kind === 'answered' && ['rejected', 'had-ended']).toContain(
            why.kind === 'answered' && why.outcome.kind,
          );
        }
      }),
      { numRuns: 500 },
    );
  });

  test('it ends on its own as time passes and polls succeed', () => {
    fc.assert(
      fc.property(begun, steps, fc.boolean(), (begin, given, pollsAnswer) => {
        let { end: action, at } = run(begin, given);
        for (let input = 0; input < 3_000 && !isOver(action); input += 1) {
          at = Math.max(at, nextDueAt({ ...action, outbox: [] }) ?? at);
          const next: ActionEvent =
            action.state === 'starting' || action.state === 'cancelling'
              ? { kind: 'answer-lost' }
              : action.pollAt === undefined
                ? { kind: 'time' }
                : { kind: 'polled', askedAt: at, ...(pollsAnswer && { tasks: [] }) };
          const done = transition(action, next, at);
          expect(done.kind).toBe('changed');
          if (done.kind === 'changed') action = done.action;
        }
        expect(isOver(action)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  test('it can be stored and read again', () => {
    fc.assert(
      fc.property(begun, steps, (begin, given) => {
        const { end } = run(begin, given);
        expect(Action.parse(JSON.parse(JSON.stringify(end)))).toEqual(end);
      }),
    );
  });
});
