import { expect, test } from 'vitest';
import { RecentMap } from '../../src/slack/recent-map.ts';

test('remembers only the newest keys, and setting one again makes it new', () => {
  const map = new RecentMap<number>(2);
  map.set('one', 1).set('two', 2).set('one', 11).set('three', 3);
  expect([...map]).toEqual([
    ['one', 11],
    ['three', 3],
  ]);
});
