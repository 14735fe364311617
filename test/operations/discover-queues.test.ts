import { describe, expect, test } from 'vitest';
import type { AwsErrorKind } from '../../src/domain/aws-error.ts';
import type { Place } from '../../src/domain/discovery.ts';
import {
  discoverAsRoleOrOneself,
  discoverQueues,
  type QueueDirectory,
} from '../../src/operations/discover-queues.ts';
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

test('reads all pages of the list, and says how many names it has before it asks about any', async () => {
  const { directory, asked } = directoryOf({ b: to('b-dlq') });
  const page: QueueDirectory['page'] = async (_place, next) => ({
    ok: true,
    value: next === undefined ? { names: ['b'], next: 'p2' } : { names: ['b', 'b-dlq'] },
  });
  const listed: unknown[] = [];
  const onListed = (where: Place, count: number) => listed.push([where, count, asked.length]);
  const survey = await discoverQueues(place, { ...directory, page }, { onListed });
  expect(survey).toMatchObject({ isListed: true, names: ['b', 'b-dlq'], dlqs: [{ name: 'b-dlq' }] });
  expect(listed).toEqual([[place, 2, 0]]);
});

test('asks for no further page once aborted', async () => {
  const giveUp = new AbortController();
  let pages = 0;
  const page: QueueDirectory['page'] = async () => {
    pages += 1;
    giveUp.abort();
    return { ok: true, value: { names: [`queue-${pages}`], next: 'more' } };
  };
  const { directory, asked } = directoryOf({});
  await discoverQueues(place, { ...directory, page }, { signal: giveUp.signal });
  expect([pages, asked]).toEqual([1, []]);
});

describe('a call that AWS throttles', () => {
  /** Every call fails that often, with this error. */
  function failing(times: number, kind: AwsErrorKind, onCall?: () => void) {
    let calls = 0;
    const page: QueueDirectory['page'] = async () => {
      calls += 1;
      onCall?.();
      return calls <= times
        ? { ok: false, awsError: anAwsError({ kind }) }
        : { ok: true, value: { names: ['a'] } };
    };
    return { directory: { ...directoryOf({}).directory, page }, calls: () => calls };
  }

  test.each<[string, number, AwsErrorKind, boolean, number]>([
    ['is made again', 1, 'throttled', true, 2],
    ['is made again up to seven times', 7, 'throttled', true, 8],
    ['is not made forever', 99, 'throttled', false, 8],
    ['is not made again if it is denied', 1, 'access-denied', false, 1],
  ])('%s', async (_what, times, kind, isListed, calls) => {
    const aws = failing(times, kind);
    expect([(await discoverQueues(place, aws.directory)).isListed, aws.calls()]).toEqual([isListed, calls]);
  });

  test('is not made again once aborted', async () => {
    const giveUp = new AbortController();
    const aws = failing(99, 'throttled', () => giveUp.abort());
    await discoverQueues(place, aws.directory, { signal: giveUp.signal });
    expect(aws.calls()).toBe(1);
  });
});

describe("the queues of a place whose role may not list them are searched with one's own credentials", () => {
  const role = { arn: 'arn:aws:iam::111122223333:role/dlq-tasks-status' };
  const own = '111122223333';

  /** The role gets this error; without it, one's own credentials get the other. */
  async function searched(
    ofRole: AwsErrorKind | undefined,
    { ofOneself, ownAccountId = own }: Partial<Given> = {},
  ) {
    const tried: (string | undefined)[] = [];
    const page: QueueDirectory['page'] = async (where) => {
      tried.push(where.role?.arn);
      const kind = where.role ? ofRole : ofOneself;
      return kind ? { ok: false, awsError: anAwsError({ kind }) } : { ok: true, value: { names: ['a'] } };
    };
    const directory = { ...directoryOf({}).directory, page };
    return { tried, survey: await discoverAsRoleOrOneself({ ...place, role }, directory, { ownAccountId }) };
  }
  type Given = { ofOneself: AwsErrorKind; ownAccountId: string };

  test.each(['role-refused', 'access-denied'] as const)('%s', async (kind) => {
    const { survey, tried } = await searched(kind);
    expect(survey).toMatchObject({ place, isListed: true, names: ['a'], insteadOf: role });
    expect([tried, survey.awsError]).toEqual([[role.arn, undefined], undefined]);
  });

  test.each<[string, AwsErrorKind | undefined, Partial<Given>]>([
    ['but not where the role may', undefined, {}],
    ['but not after any other error', 'unreachable', {}],
    ['but not in another account', 'role-refused', { ownAccountId: '999900001111' }],
  ])('%s', async (_what, kind, given) => {
    const { survey, tried } = await searched(kind, given);
    expect([tried, survey.awsError?.kind, survey.insteadOf]).toEqual([[role.arn], kind, undefined]);
  });

  test('and if they may not either, the answer is about the role', async () => {
    const { survey, tried } = await searched('role-refused', { ofOneself: 'access-denied' });
    expect([tried.length, survey.awsError?.kind, survey.place.role]).toEqual([2, 'role-refused', role]);
  });

  test('once, if there is no role', async () => {
    const { directory } = directoryOf({});
    let pages = 0;
    const page: QueueDirectory['page'] = async () => {
      pages += 1;
      return { ok: false, awsError: anAwsError({ kind: 'access-denied' }) };
    };
    const survey = await discoverAsRoleOrOneself(place, { ...directory, page }, { ownAccountId: own });
    expect([pages, survey.awsError?.kind]).toEqual([1, 'access-denied']);
  });
});
