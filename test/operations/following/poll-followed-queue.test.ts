import { beforeEach, describe, expect, test } from 'vitest';
import type { Announcement } from '../../../src/domain/following/following.ts';
import { pollFollowedQueue } from '../../../src/operations/following/followed-queue.ts';
import type { MoveTasks } from '../../../src/operations/move-tasks.ts';
import { anAwsError, aQueue, aTask, now } from '../../support/builders.ts';
import { fakeMoveTasks } from '../../support/fake-move-tasks.ts';
import { recordedLog, recordedMetrics } from '../../support/recorded.ts';
import { memoryFollowStore } from './memory-follow-store.ts';

const queue = aQueue();
const older = aTask({ startedAt: now - 60_000 });
const newer = { ...aTask(), startedAt: now - 5_000 };

const aws = fakeMoveTasks();
beforeEach(() => {
  aws.asked.length = 0;
  aws.lists(newer, older);
  aws.holds({ ok: true, value: { waiting: 3, inFlight: 2, delayed: 1 } });
});

async function polled(
  knownUpTo?: number,
  more: { asksWho?: boolean; isStartingHere?: boolean; announcements?: Announcement[] } = {},
) {
  const { asksWho, announcements = [] } = more;
  const { store, of, commits } = memoryFollowStore({
    [queue.arn]: { announcements, ...(knownUpTo !== undefined && { knownUpTo }) },
  });
  let depths = 0;
  const moveTasks: MoveTasks = {
    list: aws.list,
    depth: (which) => {
      depths += 1;
      return aws.depth(which);
    },
  };
  const { lines, log } = recordedLog();
  const { events, metrics } = recordedMetrics();
  const isStartingHere = async () => more.isStartingHere ?? false;
  const ports = {
    store,
    moveTasks,
    clock: () => now,
    log,
    metrics,
    isStartingHere,
    ...(asksWho && { asksWho }),
  };
  const answer = await pollFollowedQueue(queue, ports);
  return { answer, following: of(queue.arn), commits: commits.length, depths, lines, events };
}

const announcement = (task: typeof newer) => ({
  key: `${queue.arn}/${task.startedAt}/began`,
  startedAt: task.startedAt,
  seen: { task, at: now, depth: 6 },
  maybeDelivered: false,
  since: now,
  notBefore: now,
  failures: 0,
});

describe('a poll of a followed queue', () => {
  test('leaves news to the next poll while a redrive is being started here', async () => {
    const { following, commits } = await polled(now - 60_000, { isStartingHere: true });
    expect([following.knownUpTo, following.announcements, commits]).toEqual([now - 60_000, [], 0]);
  });

  test("stores new redrives to announce, with the queue's depth", async () => {
    expect(await polled(now - 60_000)).toEqual({
      answer: { ok: true, value: [newer, older] },
      following: { queueArn: queue.arn, knownUpTo: now - 5_000, announcements: [announcement(newer)] },
      commits: 1,
      depths: 1,
      lines: [
        {
          level: 'info',
          queue: queue.arn,
          startedAt: now - 5_000,
          message: 'new redrive in a followed queue',
        },
      ],
      events: [{ what: 'poll', by: 'follow', outcome: 'seen' }],
    });
    expect(aws.asked).toEqual([`list ${queue.arn} 10`]);
  });

  test('stores the question who started it, if wanted', async () => {
    const { following } = await polled(now - 60_000, { asksWho: true });
    expect([following.announcements.length, following.questions]).toEqual([
      1,
      [{ startedAt: now - 5_000, previousStartedAt: now - 60_000, askAt: now + 25_000 }],
    ]);
  });

  test('commits nothing and counts no messages without news', async () => {
    const { commits, depths, following, lines } = await polled(now - 5_000);
    expect([commits, depths, following, lines]).toEqual([
      0,
      0,
      { queueArn: queue.arn, knownUpTo: now - 5_000, announcements: [] },
      [],
    ]);
  });

  test('updates the state of what waits to be announced', async () => {
    const waiting = announcement(newer);
    aws.lists(aTask({ ...newer, moved: 900 }));
    const { following, lines } = await polled(now - 5_000, { announcements: [waiting] });
    expect([following.announcements, lines]).toEqual([
      [{ ...waiting, seen: { task: aTask({ ...newer, moved: 900 }), at: now } }],
      [],
    ]);
  });

  test('remembers what it first finds, even if none of it is news', async () => {
    aws.lists(aTask({ status: 'COMPLETED' }));
    expect(await polled()).toMatchObject({
      commits: 1,
      following: { knownUpTo: now - 120_000, announcements: [] },
    });
  });

  test('announces without the depth if that is denied', async () => {
    aws.holds({ ok: false, awsError: anAwsError() });
    const { following } = await polled(now - 60_000);
    expect(following.announcements).toEqual([{ ...announcement(newer), seen: { task: newer, at: now } }]);
  });

  test('says why AWS failed, and stores nothing', async () => {
    const awsError = anAwsError({ kind: 'throttled' });
    aws.answers({ ok: false, awsError });
    expect(await polled()).toEqual({
      answer: { ok: false, awsError },
      following: { queueArn: queue.arn, announcements: [] },
      commits: 0,
      depths: 0,
      lines: [],
      events: [{ what: 'poll', by: 'follow', outcome: 'throttled' }],
    });
  });
});
