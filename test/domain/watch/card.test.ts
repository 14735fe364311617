import { describe, expect, test } from 'vitest';
import { cardStateOf, followedState } from '../../../src/domain/watch/card-state.ts';
import { noDecision, updateCardIfChanged } from '../../../src/domain/watch/decision.ts';
import { keyOf, notificationFor } from '../../../src/domain/watch/notification.ts';
import type { Watch } from '../../../src/domain/watch/watch.ts';
import { aTask, aWatch, denied, noon } from './a-watch.ts';

const minute = 60_000;
const task = aTask({ moved: 3 });
const seen = { task, at: noon };
const completed = { task: aTask({ status: 'COMPLETED', moved: 100 }), at: noon };
const newer = { startedAt: noon + 1, finished: false };
const cannotPoll = { since: noon - 9, awsError: denied, polls: 9, said: true };
const end = { seenAt: noon, checkedUpToMs: 0, failedPolls: 0, depth: 4 };

describe('the card of a watch shows', () => {
  const plain = {
    queueArn: aWatch().queueArn,
    task,
    seenAt: noon,
    earlier: [],
    final: false,
    watchers: ['U1'],
    notListed: false,
  };

  test.each<[string, Partial<Watch>, object]>([
    ['its task as it was last seen, and who watches', {}, {}],
    [
      'the counts before that, of which its pace is made',
      { counts: [-2, -1, 0, 1].map((after) => ({ at: noon + after, moved: 3 })) },
      { earlier: [-2, -1].map((after) => ({ at: noon + after, moved: 3 })) },
    ],
    ['the messages in the DLQ', { seen: { ...seen, depth: 9 } }, { depth: 9 }],
    ['a newer task', { newer }, { newer }],
    ['since when AWS cannot be asked', { cannotPoll }, { cannotPoll: { since: noon - 9, awsError: denied } }],
    ['nothing of that before it was said', { cannotPoll: { ...cannotPoll, said: false } }, {}],
    ['that the task is not listed', { said: ['not-listed'], absences: 3 }, { notListed: true }],
    ['nothing of that once it is back', { said: ['not-listed'], absences: 0 }, {}],
    ['nothing of that before it was said', { absences: 2 }, {}],
    ['that the channel follows the queue', { followed: {} }, { followed: {} }],
    [
      'that, and who started the task',
      { followed: { startedBy: 'ada' } },
      { followed: { startedBy: 'ada' }, startedBy: 'ada' },
    ],
    ['that the settings forbid it', { forbidden: true }, { final: true, forbidden: true }],
    [
      'the end, with what was left then, and nobody who watches',
      { seen: { ...completed, depth: 9 }, phase: 'settling', end },
      { task: completed.task, final: true, watchers: [], depth: 4 },
    ],
  ])('%s', (_what, changes, more) => {
    expect(cardStateOf(aWatch({ seen, ...changes }))).toStrictEqual({ ...plain, ...more });
  });

  test('nothing before the task was seen, or once the card is gone', () => {
    expect([aWatch(), aWatch({ seen, cardGone: true })].map(cardStateOf)).toEqual([undefined, undefined]);
  });

  test.each<[string, Pick<Watch, 'phase' | 'followed'>, object]>([
    ['nothing of a channel that does not follow', { phase: 'running' }, {}],
    ['no longer that the channel follows a task that has ended', { phase: 'over', followed: {} }, {}],
    [
      'it, and who started it, when it had ended before it was noticed',
      { phase: 'over', followed: { startedBy: 'ada', endedUnseen: true } },
      { followed: { startedBy: 'ada', endedUnseen: true }, startedBy: 'ada' },
    ],
    [
      'who started it also after the end',
      { phase: 'over', followed: { startedBy: 'ada' } },
      { startedBy: 'ada' },
    ],
  ])('%s', (_what, watch, shown) => {
    expect(followedState(watch)).toStrictEqual(shown);
  });
});

describe('the card is edited', () => {
  const editedBy = (before: Partial<Watch>, after: Partial<Watch>, now = noon + 7) => {
    const { watch } = updateCardIfChanged(noDecision(aWatch({ seen, ...before })), noon);
    return updateCardIfChanged(noDecision({ ...watch, ...after }), now);
  };

  test.each<[string, Partial<Watch>]>([
    ['more was moved', { seen: { task: aTask({ moved: 4 }), at: noon } }],
    ['there is more to move', { seen: { task: aTask({ moved: 3, toMove: 101 }), at: noon } }],
    ['the status changes', { seen: { task: { ...task, statusText: 'CANCELLING' }, at: noon } }],
    ['a reason is given', { seen: { task: { ...task, failureReason: 'kms' }, at: noon } }],
    ['a destination is known', { seen: { task: { ...task, destinationArn: 'arn' }, at: noon } }],
    ['a rate is known', { seen: { task: { ...task, customRate: 5 }, at: noon } }],
    ['somebody else watches', { watchers: ['U1', 'U2'] }],
    ['a newer task begins', { newer }],
    ['it cannot be seen', { cannotPoll }],
    ['it is not listed', { said: ['not-listed'], absences: 3 }],
    ['the channel follows the queue', { followed: {} }],
    ['the settings forbid it', { forbidden: true }],
  ])('when %s', (_what, after) => {
    const { watch, send } = editedBy({}, after);
    expect(send).toEqual([{ kind: 'card', state: cardStateOf(aWatch({ seen, ...after })) }]);
    expect(watch.shown.at).toBe(noon + 7);
    expect(updateCardIfChanged(noDecision(watch), noon + 8)).toEqual({ watch, send: [] });
  });

  test.each<[string, Partial<Watch>, Partial<Watch>]>([
    ['the newer task has ended', { newer }, { newer: { ...newer, finished: true } }],
    ['it is known who started the task', { followed: {} }, { followed: { startedBy: 'ada' } }],
    [
      'that is known after the end',
      { phase: 'bouncing', seen: completed, end, followed: {} },
      { followed: { startedBy: 'ada' } },
    ],
    [
      'the settings forbid a watch that has ended',
      { phase: 'bouncing', seen: completed, end },
      { forbidden: true },
    ],
    ['another depth is what was left', { seen: completed, end }, { end: { ...end, depth: 5 } }],
    ['ten minutes have passed', {}, { seen: { task, at: noon + 10 * minute } }],
  ])('when %s', (_what, before, after) => {
    expect(editedBy(before, after).send).toHaveLength(1);
  });

  test('once for what it already shows, also if it is known who started the task', () => {
    for (const known of [
      { followed: { startedBy: 'ada' } },
      { phase: 'bouncing' as const, seen: completed, end },
    ])
      expect(editedBy(known, {}).send).toEqual([]);
  });

  test.each<[string, Partial<Watch>, Partial<Watch>]>([
    ['less than ten minutes have passed', {}, { seen: { task, at: noon + 10 * minute - 1 } }],
    ['time passes after the end', { seen: completed }, { seen: { ...completed, at: noon + 60 * minute } }],
    ['the depth changes while the task runs', {}, { seen: { ...seen, depth: 9 } }],
    ['only its pace changes', {}, { counts: [{ at: noon - 9, moved: 1 }] }],
  ])('not when %s', (_what, before, after) => {
    expect(editedBy(before, after).send).toEqual([]);
  });
});

test('each notification has its own key, so that it is posted once', () => {
  const watch = aWatch();
  expect([keyOf(watch, 'ended'), keyOf(watch, 'bounced-back', 0), keyOf(watch, 'joined', 'U1')]).toEqual([
    'w1/ended',
    'w1/bounced-back/0',
    'w1/joined/U1',
  ]);
  expect(notificationFor(watch, { kind: 'can-see-again', forMs: 1 }, 2)).toEqual({
    kind: 'notification',
    key: 'w1/can-see-again/2',
    notification: { kind: 'can-see-again', forMs: 1 },
  });
});
