import { describe, expect, test } from 'vitest';
import {
  addToOutbox,
  emptyOutbox,
  type StoredNotification,
  type StoredWatch,
} from '../../../src/domain/watch/outbox.ts';
import type { Watch } from '../../../src/domain/watch/watch.ts';
import { StoreUnusable } from '../../../src/operations/watching/watch-store.ts';
import {
  begun,
  forbidden,
  join,
  leave,
  logForbidden,
  unlessLost,
  viewOf,
  withFollowed,
  withoutWatcher,
  withWatcher,
} from '../../../src/operations/watching/watches.ts';
import { aTask, aWatch, noon } from '../../domain/watch/a-watch.ts';
import { aQueue } from '../../support/builders.ts';
import { recordedLog } from '../../support/recorded.ts';

const seen = { task: aTask({ moved: 3 }), at: noon };

describe('joining', () => {
  test('names a person once in the thread, even if they leave and come back', () => {
    const first = join(aWatch(), 'U2', noon);
    const again = join(leave(first.watch, 'U2', noon).watch, 'U2', noon);
    expect(first.send).toEqual([
      { kind: 'notification', key: 'w1/joined/U2', notification: { kind: 'joined', user: 'U2' } },
    ]);
    expect(again).toMatchObject({ watch: { watchers: ['U1', 'U2'] }, send: [] });
  });

  test('shows the new watcher on the card', () => {
    const { send } = join(aWatch({ seen }), 'U2', noon);
    expect(send.map((one) => (one.kind === 'card' ? one.state.watchers : one.kind))).toEqual([
      'notification',
      ['U1', 'U2'],
    ]);
  });

  test('twice changes nothing', () => {
    const watch = aWatch();
    expect(join(watch, 'U1', noon)).toEqual({ watch, send: [] });
  });
});

describe('leaving', () => {
  test('by one of two keeps the other watching', () => {
    const { watch } = leave(aWatch({ watchers: ['U1', 'U2'] }), 'U1', noon);
    expect([watch.phase, watch.watchers]).toEqual(['running', ['U2']]);
  });

  test('by the last one ends the watch without a notification, and takes the names off the card', () => {
    const { watch, send } = leave(aWatch({ seen }), 'U1', noon);
    expect([watch.phase, send.map((one) => (one.kind === 'card' ? one.state.watchers : one.kind))]).toEqual([
      'over',
      [[]],
    ]);
  });

  test('by someone who is not watching changes nothing', () => {
    const watch = aWatch();
    expect(leave(watch, 'U9', noon)).toEqual({ watch, send: [] });
  });
});

describe('a watch of a channel that follows the queue', () => {
  test('continues without watchers, and shows again that the channel follows', () => {
    const { watch, send } = leave(aWatch({ seen, followed: {} }), 'U1', noon);
    expect([watch.phase, watch.watchers]).toEqual(['running', []]);
    expect(send).toMatchObject([{ kind: 'card', state: { watchers: [], followed: {} } }]);
  });
});

test('a watch that is over is neither joined nor left', () => {
  const watch = aWatch({ seen, phase: 'over' });
  expect([join(watch, 'U2', noon), leave(watch, 'U1', noon)]).toEqual([
    { watch, send: [] },
    { watch, send: [] },
  ]);
});

const notListed = {
  kind: 'notification',
  key: 'w1/not-listed',
  notification: { kind: 'not-listed' },
} as const;
/** A watch with something that it still has to say. */
function stored(changes: Partial<Watch> = {}): StoredWatch {
  return { watch: aWatch(changes), outbox: addToOutbox(emptyOutbox, [notListed], noon) };
}
const keysIn = ({ outbox }: StoredWatch) => outbox.notifications.map(({ key }) => key);

describe('what is stored', () => {
  test('when a watch begins is its first watcher, who is then named in the thread', () => {
    const card = { channel: 'C1', ts: '100.1' };
    const first = begun({ queue: aQueue(), startedAt: noon, card, user: 'U1' }, 'w1', noon + 5);
    expect(first.watch).toMatchObject({
      ...{ id: 'w1', queueArn: aQueue().arn, startedAt: noon, card, createdAt: noon + 5 },
      ...{ phase: 'running', watchers: ['U1'], nextPollAt: noon + 5 },
    });
    expect(keysIn(first)).toEqual(['w1/joined/U1']);
  });

  test.each([
    ['running', 'joined'],
    ['settling', 'joined-after-end'],
    ['bouncing', 'joined-after-end'],
  ] as const)('when someone joins one that is %s', (phase, kind) => {
    const joined = withWatcher(stored({ phase }), 'U2', noon);
    expect([joined.kind, joined.stored.watch.watchers]).toEqual([kind, ['U1', 'U2']]);
    expect(keysIn(joined.stored)).toEqual(['w1/not-listed', 'w1/joined/U2']);
  });

  test('when a watcher joins again is what was stored before', () => {
    const before = stored();
    const again = withWatcher(before, 'U1', noon);
    expect([again.kind, again.stored === before]).toEqual(['already', true]);
  });

  test('when one of two leaves, keeps everything for the other except the notification that they joined', () => {
    const both = withWatcher(stored(), 'U2', noon).stored;
    const left = withoutWatcher(both, 'U2', noon);
    expect([left.watch.watchers, keysIn(left)]).toEqual([['U1'], ['w1/not-listed']]);
  });

  test('when the last one leaves, has no notifications', () => {
    const left = withoutWatcher(stored(), 'U1', noon);
    expect([left.watch.phase, keysIn(left)]).toEqual(['over', []]);
  });

  test('when the channel learns who started the redrive is shown on the card', () => {
    const { watch, outbox } = withFollowed(stored({ seen }), { startedBy: 'ada' }, noon);
    expect(watch.followed).toEqual({ startedBy: 'ada' });
    expect(outbox.cardUpdate?.state).toMatchObject({ followed: { startedBy: 'ada' }, startedBy: 'ada' });
  });
});

describe('a watch that the settings no longer allow', () => {
  test('ends with a last card update, and says nothing in the thread', () => {
    const { watch, outbox } = forbidden(stored({ seen }), noon);
    expect([watch.phase, outbox.notifications, outbox.cardUpdate?.state.forbidden]).toEqual([
      'over',
      [],
      true,
    ]);
  });

  test('ends once, and its card changes no more', () => {
    const ended = forbidden(stored({ seen }), noon);
    expect(forbidden(ended, noon + 1)).toBe(ended);
    expect(withFollowed(ended, { startedBy: 'ada' }, noon + 1)).toBe(ended);
  });

  test('is logged with its watchers and how many notifications are dropped', () => {
    const { log, lines } = recordedLog();
    const before = stored();
    const said = before.outbox.notifications.map(
      (one): StoredNotification => ({ ...one, key: 'w1/said', deliveredVersion: one.version }),
    );
    const notifications = [...before.outbox.notifications, ...said];
    logForbidden(log, { ...before, outbox: { notifications } }, 'the queue is not listed');
    expect(lines).toMatchObject([
      {
        level: 'warn',
        watch: 'w1',
        channel: 'C1',
        watchers: ['U1'],
        dropped: 1,
        why: 'the queue is not listed',
      },
    ]);
  });
});

test.each([
  ['that was never seen', {}],
  ['that was seen', { seen }],
  ['that is followed', { seen, followed: { startedBy: 'ada' } }],
])('others see no more of a watch %s than they may', (_which, changes) => {
  const { queueArn, startedAt, card, watchers, phase } = aWatch();
  expect(viewOf(stored(changes))).toStrictEqual({ queueArn, startedAt, card, watchers, phase, ...changes });
});

test.each([
  [
    'is not stored because of a full disk, which the store has logged',
    new StoreUnusable({ kind: 'disk-full' }),
    0,
  ],
  ['is not stored because of anything else, which is logged', new Error('boom'), 1],
])('a person gets to see what %s', async (_why, error, logged) => {
  const { log, lines } = recordedLog();
  const poll = { at: noon, calls: 1, found: { ok: true as const, tasks: [] } };
  const seenBy = { queue: aQueue(), card: aWatch().card, poll };
  await unlessLost(() => Promise.reject(error), seenBy, log);
  expect(lines.map(({ level, queue, err }) => [level, queue, err])).toEqual(
    Array.from({ length: logged }, () => ['warn', aQueue().arn, error]),
  );
});
