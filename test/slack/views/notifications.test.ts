import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Notification } from '../../../src/domain/watch/notification.ts';
import { cardView } from '../../../src/slack/views/card.ts';
import { notificationView, withCancel } from '../../../src/slack/views/notification.ts';
import { redriveQueue } from '../../domain/actions/an-action.ts';
import { aCard, anAwsError, aQueue, aTask, now } from '../../support/builders.ts';
import { expectFitForSlack, readable } from '../../support/messages.ts';

const completed = aTask({ status: 'COMPLETED', moved: 1000 });
const about = { atLeastMs: 115_000, atMostMs: 125_000, aboutMs: 120_000, meanRate: 8.3 };
const minute = 60_000;

const notifications: [string, Notification][] = [
  ['joined', { kind: 'joined', user: 'UANN' }],
  ['completed', { kind: 'ended', task: completed, timing: about, depth: 0 }],
  [
    'completed, between two polls',
    { kind: 'ended', task: completed, timing: { atLeastMs: 60_000, atMostMs: 300_000 } },
  ],
  [
    'completed, never seen running',
    { kind: 'ended', task: completed, timing: { atMostMs: 300_000 }, depth: 12 },
  ],
  [
    'completed, and a newer one runs',
    { kind: 'ended', task: completed, timing: about, newer: { startedAt: now, finished: false } },
  ],
  [
    'failed',
    {
      kind: 'ended',
      task: aTask({ status: 'FAILED', failureReason: 'CouldNotDetermineMessageSource' }),
      timing: about,
      depth: 380,
    },
  ],
  ['failed without a reason', { kind: 'ended', task: aTask({ status: 'FAILED' }), timing: about }],
  ['canceled', { kind: 'ended', task: aTask({ status: 'CANCELLED' }), timing: about, depth: 380 }],
  ['bounced back', { kind: 'bounced-back', depth: 37, more: 37, sinceEndMs: 5 * minute }],
  ['one bounced back', { kind: 'bounced-back', depth: 1, more: 1, sinceEndMs: minute }],
  [
    'bounced back again',
    { kind: 'bounced-back', depth: 50, more: 50, moreThanSaid: 13, sinceEndMs: 15 * minute },
  ],
  ['coming back', { kind: 'coming-back', atLeast: 1204, task: aTask() }],
  ['came back, at the end', { kind: 'coming-back', atLeast: 1204, task: completed }],
  [
    'completed, and messages came back meanwhile',
    { kind: 'ended', task: completed, timing: about, depth: 300, cameBack: 290 },
  ],
  [
    'canceled, and messages came back meanwhile',
    { kind: 'ended', task: aTask({ status: 'CANCELLED' }), timing: about, depth: 500, cameBack: 290 },
  ],
  ['stalled', { kind: 'stalled', task: aTask(), forMs: 15 * minute }],
  ['too slow', { kind: 'too-slow', task: aTask(), secondsLeft: 200_000, limitAt: now + 36 * 60 * minute }],
  ['not listed', { kind: 'not-listed', lastSeen: { task: aTask(), at: now - minute } }],
  ['not listed, never seen', { kind: 'not-listed' }],
  ['cannot see', { kind: 'cannot-see', awsError: anAwsError(), forMs: 5 * minute }],
  ['can see again', { kind: 'can-see-again', forMs: 25 * minute }],
  ['gave up, unseen', { kind: 'gave-up', because: 'not-seen-for-a-day', awsError: anAwsError() }],
  [
    'gave up, two days old',
    { kind: 'gave-up', because: 'two-days-since-start', lastSeen: { task: aTask(), at: now } },
  ],
  ['gave up, not in the settings', { kind: 'gave-up', because: 'queue-not-in-settings' }],
];

describe('a notification in the thread', () => {
  test.each(notifications)('%s', (_what, notification) => {
    const message = notificationView(notification, aQueue(), ['UANN', 'UBOB']);
    expectFitForSlack(message);
    expect(readable(message)).toMatchSnapshot();
  });

  test('names at most fifty, and says how many more there are', () => {
    const crowd = Array.from({ length: 60 }, (_, i) => `U${i}`);
    const [, notification] = notifications[1] ?? [];
    const { text } = notificationView(notification ?? { kind: 'can-see-again', forMs: 0 }, aQueue(), crowd);
    expect(text.endsWith('<@U48>, <@U49>, 10 more')).toBe(true);
  });

  test('is valid for Slack, whatever the reason and the IDs', () => {
    const reason = fc.string({ unit: 'grapheme', maxLength: 3_000 });
    fc.assert(
      fc.property(reason, fc.array(fc.string()), (failureReason, watchers) => {
        const task = aTask({ status: 'FAILED', failureReason });
        expectFitForSlack(notificationView({ kind: 'ended', task, timing: about }, aQueue(), watchers));
      }),
    );
  });
});

describe('a watched card', () => {
  const task = aTask();
  test.each([
    ['with watchers', { watchers: ['UANN', 'UBOB'], notListed: false }],
    [
      'not seen for a while',
      {
        watchers: ['UANN'],
        notListed: false,
        cannotPoll: { since: now - 6 * minute, awsError: anAwsError() },
      },
    ],
    ['not listed any more', { watchers: ['UANN'], notListed: true }],
    [
      'with a newer task',
      { watchers: ['UANN'], notListed: false, newer: { startedAt: now, finished: false } },
    ],
  ])('%s', (_what, watch) => {
    const message = cardView(aCard({ task, watch }));
    expectFitForSlack(message);
    expect(readable(message)).toMatchSnapshot();
  });

  test('still fits with many watchers', () => {
    const watchers = Array.from({ length: 500 }, (_, i) => `U0123456${i}`);
    expectFitForSlack(cardView(aCard({ task, watch: { watchers, notListed: false } })));
  });
});

const view = { text: 'Messages come back.', blocks: [] };
const withButton = (queue = redriveQueue(), task = aTask()) =>
  JSON.stringify(withCancel(view, { kind: 'coming-back', atLeast: 1204, task }, queue));

test('where messages come back, people can cancel, but only where the settings have `redrive` and it runs', () => {
  expect(withButton()).toContain('Cancel…');
  expect(withButton(aQueue())).toBe(JSON.stringify(view));
  expect(withButton(redriveQueue(), aTask({ status: 'COMPLETED' }))).toBe(JSON.stringify(view));
});
