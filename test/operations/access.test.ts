import fc from 'fast-check';
import { expect, test } from 'vitest';
import { whyForbidden } from '../../src/operations/access.ts';
import { aQueue } from '../support/builders.ts';

const channel = 'CGENERAL';
const why = (own: readonly string[] | 'not listed', all: readonly string[]) => {
  const queue = aQueue({ channels: own === 'not listed' ? [] : own });
  const queueOf = (arn: string) => (own !== 'not listed' && arn === queue.arn ? queue : undefined);
  return whyForbidden({ queueArn: queue.arn, card: { channel } }, { queueOf, channels: all });
};

test.each([
  ['every channel may see it', [], [], undefined],
  ['its channel is among those of the queue and of the bot', ['COPS', channel], [channel], undefined],
  ['the queue left the settings', 'not listed', [], 'the queue is not listed'],
  ['the queue is kept for another channel', ['COPS'], [channel], 'the queue is for other channels'],
  ['the bot is kept to another channel', [channel], ['COPS'], 'the bot is for other channels'],
] as const)('a watch whose settings changed: %s', (_, own, all, expected) => {
  expect(why(own, all)).toBe(expected);
});

test('a watch goes on exactly where each list is empty or names its channel', () => {
  const channels = fc.array(fc.constantFrom(channel, 'COPS', 'CRANDOM'));
  const allows = (list: readonly string[]) => list.length === 0 || list.includes(channel);
  fc.assert(
    fc.property(channels, channels, (own, all) => {
      expect(why(own, all) === undefined).toBe(allows(own) && allows(all));
    }),
  );
});
