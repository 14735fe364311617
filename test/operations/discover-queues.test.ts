import { expect, test } from 'vitest';
import { discoverQueues, type QueueDirectory } from '../../src/operations/discover-queues.ts';
import { anAwsError } from '../support/builders.ts';

const place = { account: { label: 'prod', id: '111122223333' }, partition: 'aws', region: 'eu-west-1' };
const arnOf = (name: string) => `arn:aws:sqs:eu-west-1:111122223333:${name}`;

/** Queues with the ARNs of their DLQs, or the errors that reading them returns. */
function directoryOf(queues: Record<string, Awaited<ReturnType<QueueDirectory['deadLetterTarget']>>>) {
  const asked: string[] = [];
  const directory: QueueDirectory = {
    page: async () => ({ ok: true, value: { names: Object.keys(queues) } }),
    deadLetterTarget: async (_place, name) => {
      asked.push(name);
      return queues[name] ?? { ok: true, value: undefined };
    },
  };
  return { directory, asked };
}
const to = (name: string) => ({ ok: true as const, value: arnOf(name) });
const none = { ok: true as const, value: undefined };

test('finds each DLQ with the queues that name it', async () => {
  const { directory } = directoryOf({
    'b-retry': to('b-dlq'),
    b: to('b-dlq'),
    'b-dlq': none,
    lost: to('lost-dlq'),
    alone: none,
  });
  expect(await discoverQueues(place, directory)).toEqual({
    place,
    names: ['b-retry', 'b', 'b-dlq', 'lost', 'alone'],
    isListed: true,
    dlqs: [{ place, name: 'b-dlq', arn: arnOf('b-dlq'), sources: ['b', 'b-retry'] }],
    dangling: [{ source: 'lost', target: arnOf('lost-dlq') }],
    unasked: 0,
  });
});

test('leaves out a queue that was deleted meanwhile, and counts one that is denied', async () => {
  const denied = anAwsError({ kind: 'access-denied' });
  const { directory } = directoryOf({
    gone: { ok: false, awsError: anAwsError({ kind: 'queue-missing' }) },
    closed: { ok: false, awsError: denied },
    a: to('a-dlq'),
    'a-dlq': none,
  });
  expect(await discoverQueues(place, directory)).toMatchObject({
    names: ['closed', 'a', 'a-dlq'],
    dlqs: [{ name: 'a-dlq' }],
    unasked: 1,
    awsError: denied,
  });
});

test('asks nothing more once aborted', async () => {
  const queues = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`queue-${i}`, none]));
  const { directory, asked } = directoryOf(queues);
  const giveUp = new AbortController();
  const deadLetterTarget: QueueDirectory['deadLetterTarget'] = async (...asking) => {
    giveUp.abort();
    return directory.deadLetterTarget(...asking);
  };
  await discoverQueues(place, { ...directory, deadLetterTarget }, { signal: giveUp.signal });
  expect(asked.length).toBeLessThan(20);
});
