import { beforeEach, describe, expect, test } from 'vitest';
import type { PostResult } from '../../../src/domain/delivery.ts';
import type { StartCall } from '../../../src/domain/following/start-call.ts';
import { announceStart, NotYet } from '../../../src/operations/following/followed-queue.ts';
import { anAwsError, aQueue, aTask, now } from '../../support/builders.ts';
import { fakeMoveTasks } from '../../support/fake-move-tasks.ts';
import { recordedLog } from '../../support/recorded.ts';
import { memoryFollowStore } from './memory-follow-store.ts';

const queue = { ...aQueue(), notify: 'COPS' };
const call: StartCall = { queueArn: queue.arn, at: now, by: 'Ada' };
const [began, before] = [aTask({ startedAt: now + 500 }), aTask({ startedAt: now - 60_000 })];
const result: PostResult = { kind: 'delivered', message: { channel: 'COPS', ts: '300.1' } };

const aws = fakeMoveTasks();
beforeEach(() => aws.lists(began, before));

/** Someone starts a redrive; Slack gives these answers in turn, and then accepts every card. */
function aStart(knownUpTo?: number, ...answers: PostResult[]) {
  const { store, tasks, of } = memoryFollowStore(
    knownUpTo === undefined ? {} : { [queue.arn]: { knownUpTo } },
  );
  const posts: [number, string | undefined][] = [];
  const pauses: number[] = [];
  let clock = now + 1_000;
  const ports = {
    store,
    moveTasks: aws,
    announcer: {
      announce: async ({ seen, startedBy }: { seen: { task: typeof began }; startedBy?: string }) => {
        posts.push([seen.task.startedAt ?? 0, startedBy]);
        return answers.shift() ?? result;
      },
    },
    clock: () => clock,
    random: () => 0.5,
    log: recordedLog().log,
    asksWho: true,
    deadline: now + 20_000,
    pause: async (ms: number) => {
      pauses.push(ms);
      clock += ms;
    },
  };
  const announce = (which = call) => announceStart(queue, which, ports);
  return { announce, posts, pauses, tasks, of: () => of(queue.arn) };
}
const later = (afterMs: number): PostResult => ({
  kind: 'retry-later',
  because: 'rate-limited',
  afterMs,
  maybeDelivered: false,
  why: 'ratelimited',
});

describe('a redrive that someone started', () => {
  test('is announced with who started it, without older ones', async () => {
    const { announce, posts, tasks, pauses } = aStart();
    await announce();
    expect([posts, tasks, pauses]).toEqual([
      [[now + 500, 'Ada']],
      [
        {
          queueArn: queue.arn,
          startedAt: now + 500,
          card: { channel: 'COPS', ts: '300.1' },
          followed: { startedBy: 'Ada' },
        },
      ],
      [],
    ]);
  });

  test('is announced once, however often the event arrives', async () => {
    const { announce, posts } = aStart();
    await announce();
    await announce();
    expect(posts).toHaveLength(1);
  });

  test('is announced along with others that started since the last poll, without their names', async () => {
    const { announce, posts } = aStart(now - 90_000);
    await announce();
    expect(posts).toEqual([
      [now - 60_000, undefined],
      [now + 500, 'Ada'],
    ]);
  });

  test('is announced without a name if the call has none, and is asked about later', async () => {
    const { announce, posts, of } = aStart();
    await announce({ queueArn: queue.arn, at: now });
    expect([posts, of().questions]).toMatchObject([[[now + 500, undefined]], [{ startedAt: now + 500 }]]);
  });

  test('is announced as soon as Slack accepts the card', async () => {
    const { announce, posts, pauses } = aStart(undefined, later(9_000), later(1_000));
    await announce();
    expect([posts.length, pauses]).toEqual([3, [9_000, 1_000]]);
  });

  test.each<[string, () => unknown, PostResult[], string]>([
    [
      'SQS cannot be asked',
      () => aws.answers({ ok: false, awsError: anAwsError({ kind: 'throttled' }) }),
      [],
      'polling the queue failed: throttled',
    ],
    ['SQS does not list it yet', () => aws.lists(before), [], 'SQS does not list the task yet'],
    [
      'Slack wants more time than there is',
      () => aws.lists(began),
      [later(19_001)],
      'the card could not be posted yet',
    ],
  ])('is left to a retry if %s', async (_why, given, answers, message) => {
    given();
    const { announce, tasks } = aStart(undefined, ...answers);
    await expect(announce()).rejects.toThrow(new NotYet(message));
    expect(tasks).toEqual([]);
  });

  test('is posted by the deadline', async () => {
    const { announce, posts } = aStart(undefined, later(19_000));
    await announce();
    expect(posts).toHaveLength(2);
  });

  test('is known even if SQS lists only newer ones', async () => {
    aws.lists(aTask({ startedAt: now + 90_000 }));
    const { announce, posts } = aStart();
    await announce();
    expect(posts).toEqual([[now + 90_000, undefined]]);
  });
});
