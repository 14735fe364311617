import { expect, test } from 'vitest';
import { createEventLoopQueue } from '../../src/slack/listener.ts';

test('lets waiters continue one per round, first come, first served', async () => {
  let round = 0;
  const count = () => {
    round += 1;
    counting = setImmediate(count);
  };
  let counting = setImmediate(count);
  const myTurn = createEventLoopQueue();
  const going = ['ann', 'bob', 'eve'].map(async (who) => {
    await myTurn();
    return `${who} in round ${round}`;
  });
  expect(await Promise.all(going)).toEqual(['ann in round 1', 'bob in round 2', 'eve in round 3']);
  await myTurn();
  clearImmediate(counting);
  expect(round).toBeGreaterThan(3);
});
