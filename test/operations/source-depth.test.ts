import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../src/domain/aws-error.ts';
import { createSourceDepth } from '../../src/operations/move-tasks.ts';
import { anAwsError, aQueue, aTask } from '../support/builders.ts';

const minute = 60_000;
const queue = aQueue();
const arnOf = (name: string, region = 'eu-west-1') => `arn:aws:sqs:${region}:111122223333:${name}`;
const elsewhere = arnOf('orders').replace('111122223333', '444455556666');
const denied = { ok: false, awsError: anAwsError({ kind: 'access-denied' }) } as const;
const missing = { ok: false, awsError: anAwsError({ kind: 'queue-missing' }) } as const;
const throttled = { ok: false, awsError: anAwsError({ kind: 'throttled' }) } as const;

function anAws() {
  const aws = {
    now: 0,
    asked: [] as string[],
    sources: { ok: true, value: [arnOf('orders')] } as Outcome<readonly string[]>,
    refusal: undefined as typeof denied | typeof missing | typeof throttled | undefined,
  };
  const source = createSourceDepth({
    clock: () => aws.now,
    sources: async ({ name }) => {
      aws.asked.push(`sources ${name}`);
      return aws.sources;
    },
    depth: async ({ arn }) => {
      aws.asked.push(`depth ${arn}`);
      return aws.refusal ?? { ok: true, value: { waiting: 7, inFlight: 2, delayed: 0 } };
    },
  });
  return Object.assign(aws, { ask: (task = aTask()) => source(queue, task) });
}

const found = { name: 'orders', depth: { waiting: 7, inFlight: 2, delayed: 0 } };

describe('how many messages are in the source queue', () => {
  test('is that of the one source queue, whose name is cached', async () => {
    const aws = anAws();
    expect([await aws.ask(), await aws.ask()]).toEqual([found, found]);
    const depth = `depth ${arnOf('orders')}`;
    expect(aws.asked).toEqual([`sources ${queue.name}`, depth, depth]);
    aws.now += 16 * minute;
    await aws.ask();
    expect(aws.asked.slice(3)).toEqual([`sources ${queue.name}`, depth]);
  });

  test('is that of the destination, if one was chosen', async () => {
    const aws = anAws();
    expect(await aws.ask(aTask({ destinationArn: arnOf('by-hand') }))).toEqual({ ...found, name: 'by-hand' });
    expect(aws.asked).toEqual([`depth ${arnOf('by-hand')}`]);
  });

  test.each([
    ['of several sources', [arnOf('orders'), arnOf('orders-eu')], aTask()],
    ['of no source', [], aTask()],
    ['of a destination elsewhere', [], aTask({ destinationArn: arnOf('orders', 'us-east-1') })],
    ['of a destination in another account', [], aTask({ destinationArn: elsewhere })],
    ['of an odd destination', [], aTask({ destinationArn: 'orders' })],
    ['after the end', [arnOf('orders')], aTask({ status: 'COMPLETED' })],
  ])('is not asked %s', async (_what, sources, task) => {
    const aws = anAws();
    aws.sources = { ok: true, value: sources };
    expect(await aws.ask(task)).toBeUndefined();
    expect(aws.asked.filter((call) => call.startsWith('depth'))).toEqual([]);
  });

  test.each([
    ['the names of the sources', { sources: denied }, 1],
    ['the depth', { refusal: denied }, 2],
    ['the depth of what is not there', { refusal: missing }, 2],
  ])('is not asked for half an hour if the role may not ask %s', async (_what, refused, calls) => {
    const aws = Object.assign(anAws(), refused);
    expect([await aws.ask(), await aws.ask(), aws.asked.length]).toEqual([undefined, undefined, calls]);
    aws.now += 29 * minute;
    aws.asked = [];
    await aws.ask();
    expect(aws.asked.filter((call) => calls === 1 || call.startsWith('depth'))).toEqual([]);
    aws.now += 2 * minute;
    await aws.ask();
    expect(aws.asked.length).toBeGreaterThan(0);
  });

  test('is asked again a minute after any other failure', async () => {
    const aws = anAws();
    aws.refusal = throttled;
    expect([await aws.ask(), await aws.ask(), aws.asked.length]).toEqual([undefined, undefined, 2]);
    aws.now += minute;
    aws.refusal = undefined;
    expect(await aws.ask()).toEqual(found);
  });
});
