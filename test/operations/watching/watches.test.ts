import { describe, expect, test } from 'vitest';
import { join, leave } from '../../../src/operations/watching/watches.ts';
import { aTask, aWatch, noon } from '../../domain/watch/a-watch.ts';

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
