import { expect, test } from 'vitest';
import type { Delivery, Fallback } from '../../../src/domain/delivery.ts';
import type { MoveTask } from '../../../src/domain/move-task.ts';
import { cardStateOf } from '../../../src/domain/watch/card-state.ts';
import type { CardState } from '../../../src/domain/watch/notification.ts';
import {
  type StoredCardUpdate,
  type StoredNotification,
  StoredWatch,
} from '../../../src/domain/watch/outbox.ts';
import type { End, ObservedTask, Watch } from '../../../src/domain/watch/watch.ts';
import { anAwsError, now } from '../../support/builders.ts';

/** Every field is set. */
const task: Required<MoveTask> = {
  status: 'FAILED',
  statusText: 'FAILED',
  destinationArn: 'arn:aws:sqs:eu-west-1:111122223333:orders',
  customRate: 5,
  moved: 8,
  toMove: 10,
  failureReason: 'AccessDenied',
  startedAt: now,
};
const source = { name: 'orders', depth: { waiting: 3, inFlight: 2, delayed: 1 } };
const seen: Required<ObservedTask> = { task, at: now, depth: 3, source };
const awsError = { ...anAwsError(), requestId: 'r-1' };
const newer = { startedAt: now + 1, finished: false };
const end: Required<End> = {
  seenAt: now,
  lastRunning: seen,
  depth: 3,
  highestDepthSaid: 9,
  checkedUpToMs: 60_000,
  failedPolls: 1,
};
const watch: Required<Watch> = {
  id: 'w1',
  queueArn: 'arn:aws:sqs:eu-west-1:111122223333:orders-dlq',
  startedAt: now,
  card: { channel: 'C1', ts: '1.1', threadTs: '1.0' },
  watchers: ['U1'],
  named: ['U1'],
  createdAt: now,
  phase: 'bouncing',
  nextPollAt: now,
  polls: 4,
  position: 0,
  seen,
  counts: [{ at: now, moved: 8 }],
  comingBack: {
    base: 10,
    polls: [{ at: now, moved: 8, more: 6 }],
    said: { times: 1, posted: 6, atLeast: 7 },
  },
  progressedAt: now,
  cannotPoll: { since: now, awsError, polls: 2, said: true },
  cannotPollSaid: 1,
  absences: 0,
  pollsWithoutTask: 0,
  newer,
  said: ['stalled'],
  end,
  shown: { at: now, what: '[]' },
  cardGone: false,
  followed: { startedBy: 'ada', endedUnseen: true },
  forbidden: true,
};
const state: Required<CardState> = {
  queueArn: watch.queueArn,
  task,
  seenAt: now,
  earlier: [{ at: now - 1, moved: 7 }],
  final: true,
  watchers: ['U1'],
  followed: { startedBy: 'ada', endedUnseen: true },
  startedBy: 'ada',
  newer,
  cannotPoll: { since: now, awsError },
  notListed: true,
  forbidden: true,
  depth: 3,
  source,
};
const delivery: Required<Delivery> & { fallback: Required<Fallback> } = {
  since: now,
  notBefore: now,
  failures: 2,
  failing: { as: 'refusal', since: now, times: 2 },
  fallback: { plain: true, textOnly: true, bare: 'the words', inChannel: true },
};
const cardUpdate: Required<StoredCardUpdate> = { state, version: 1, ...delivery };
const notification: Required<StoredNotification> = {
  key: 'w1/joined/U1/to/U1',
  notification: { kind: 'joined', user: 'U1' },
  version: 1,
  deliveredVersion: 0,
  place: { channel: 'D1', ts: '2.1' },
  maybeDelivered: true,
  direct: { user: 'U1', of: 'w1/joined/U1' },
  ...delivery,
};

test('every field of a watch survives storing', () => {
  const stored = { watch, outbox: { notifications: [notification], cardUpdate } };
  expect(StoredWatch.parse(JSON.parse(JSON.stringify(stored)))).toEqual(stored);
});

test.each([null, 7, 'text', ['list'], { phase: 'running' }])(
  'a card update that this version cannot read follows from the watch: %j',
  (state) => {
    const odd = { ...cardUpdate, state };
    const read = StoredWatch.parse({ watch, outbox: { notifications: [], cardUpdate: odd } });
    expect(read.outbox.cardUpdate).toMatchObject({ state: cardStateOf(watch), version: 1, failures: 0 });
  },
);

test('a notification that this version cannot read is dropped, and the others are kept', () => {
  const odd = [null, 7, { ...notification, notification: { kind: 'from-the-future' } }];
  const stored = { watch, outbox: { notifications: [odd[0], notification, odd[1], odd[2]] } };
  expect(StoredWatch.parse(stored).outbox.notifications).toEqual([notification]);
});

test.each([null, 7, 'text', ['list'], {}, { watch: null, outbox: null }])('%j is no watch', (stored) => {
  expect(StoredWatch.safeParse(stored).success).toBe(false);
});
