import { describe, expect, test } from 'vitest';
import type { Fallback, PostResult } from '../../../src/domain/delivery.ts';
import type { Announcement } from '../../../src/domain/following/following.ts';
import type { CardPlace } from '../../../src/domain/message-place.ts';
import type { ToAnnounce } from '../../../src/operations/following/announce-pending.ts';
import { announcePending, followedAmong } from '../../../src/operations/following/announce-pending.ts';
import { aQueue, aTask, now } from '../../support/builders.ts';
import { recordedLog, recordedMetrics } from '../../support/recorded.ts';
import { memoryFollowStore } from './memory-follow-store.ts';

const queue = { ...aQueue(), notify: 'COPS' };
const hour = 3_600_000;

function announcementOf(startedAt: number, given: Partial<Announcement> = {}): Announcement {
  const seen = { task: aTask({ startedAt }), at: now, depth: 4 };
  const key = `${queue.arn}/${startedAt}/began`;
  return { key, startedAt, seen, maybeDelivered: false, since: now, notBefore: now, failures: 0, ...given };
}
const [older, newer] = [announcementOf(now - 60_000), announcementOf(now - 5_000)];

/** Slack rejects it until it is tried in the last of these variants. */
type Rejected = { until: Fallback[]; answer: PostResult | Error };

/** Slack gives these answers in turn, each a second after the request, and then accepts every card. */
function setUp(
  announcements: Announcement[],
  answers: (PostResult | Error | Rejected)[] = [],
  cards: Record<number, CardPlace> = {},
) {
  const { store, tasks, commits, of } = memoryFollowStore({ [queue.arn]: { announcements } }, cards);
  const { lines, log } = recordedLog();
  const { events, metrics } = recordedMetrics();
  const posts: ToAnnounce[] = [];
  const world = { now };
  const announce = async (what: ToAnnounce): Promise<PostResult> => {
    posts.push(what);
    world.now += 1_000;
    const next = answers.shift() ?? {
      kind: 'delivered',
      message: { channel: 'COPS', ts: `300.${posts.length}` },
    };
    const { until, answer } = 'until' in next ? next : { until: [], answer: next };
    for (const fallback of until) await what.keep(fallback);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const clock = () => world.now;
  const ports = { store, announcer: { announce }, clock, random: () => 0.5, log, metrics };
  const run = async (at = now) => {
    world.now = at;
    await announcePending(queue, ports);
    return of(queue.arn).announcements;
  };
  return { run, posts, tasks, commits, lines, events };
}
const later = (given: Partial<Extract<PostResult, { kind: 'retry-later' }>> = {}): PostResult => ({
  kind: 'retry-later',
  because: 'refused',
  maybeDelivered: false,
  why: 'no_such_code',
  ...given,
});
const lineOf = ({ startedAt }: Announcement) => ({
  queue: queue.arn,
  alias: 'orders-dlq',
  channel: 'COPS',
  startedAt,
  why: 'no_such_code',
});
const triedAgain = 'could not announce a redrive; retrying';

describe('a redrive that is to be announced', () => {
  test('is posted with what is known of it, and watched on its card', async () => {
    const { run, posts, tasks, events, lines } = setUp([announcementOf(now - 60_000, { startedBy: 'Ada' })]);
    expect(await run()).toEqual([]);
    expect([posts, tasks, events, lines]).toEqual([
      [
        {
          queue,
          channel: 'COPS',
          key: older.key,
          seen: older.seen,
          since: now,
          fallback: {},
          keep: expect.any(Function),
          doubt: false,
          startedBy: 'Ada',
        },
      ],
      [
        {
          queueArn: queue.arn,
          startedAt: now - 60_000,
          card: { channel: 'COPS', ts: '300.1' },
          followed: { startedBy: 'Ada' },
        },
      ],
      [{ what: 'task announced' }],
      [
        {
          level: 'info',
          queue: queue.arn,
          alias: 'orders-dlq',
          channel: 'COPS',
          startedAt: now - 60_000,
          message: 'redrive announced',
        },
      ],
    ]);
  });

  test('is marked as attempted before it is posted, so that it is searched for after a crash', async () => {
    const { run, commits } = setUp([older]);
    await run();
    expect(commits.map(({ announcements }) => announcements)).toEqual([
      [{ ...older, maybeDelivered: true, notBefore: now + 3_000 }],
      [],
    ]);
  });

  test('waits for its time, in order', async () => {
    const waits = announcementOf(now - 1_000, { notBefore: now + 60_000 });
    const { run, posts } = setUp([older, newer, waits]);
    expect(await run()).toEqual([waits]);
    expect(posts.map(({ key }) => key)).toEqual([older.key, newer.key]);
  });

  test('needs no watch if it has ended meanwhile', async () => {
    const seen = { task: aTask({ status: 'FAILED' }), at: now };
    const { run, tasks, posts } = setUp([announcementOf(now - 60_000, { seen })]);
    await run();
    expect(tasks).toMatchObject([{ followed: { endedUnseen: true }, ended: seen }]);
    expect(posts[0]).not.toHaveProperty('startedBy');
  });

  test('is not posted if the channel already has a watched card for it', async () => {
    const card = { channel: 'COPS', ts: '100.1' };
    const { run, posts, tasks } = setUp([older], [], { [older.startedAt]: card });
    expect([await run(), posts, tasks]).toEqual([
      [],
      [],
      [{ queueArn: queue.arn, startedAt: older.startedAt, card, followed: {} }],
    ]);
  });

  test('is searched for if it may already be in the channel, whatever card is watched there', async () => {
    const card = { channel: 'COPS', ts: '100.1' };
    const { run, posts, tasks } = setUp([{ ...older, maybeDelivered: true }], [], {
      [older.startedAt]: card,
    });
    await run();
    expect([posts, tasks]).toMatchObject([[{ doubt: true }], [{ card: { ts: '300.1' } }]]);
  });
});

describe("a card that Slack doesn't accept", () => {
  test('is tried with each fallback once that is committed, and with the last one when it is retried', async () => {
    const bare = { plain: true, bare: 'words' };
    const lost = later({ because: 'trouble', maybeDelivered: true });
    const { run, posts, commits } = setUp([older], [{ until: [{ plain: true }, bare], answer: lost }]);
    await run();
    const begun = { ...older, maybeDelivered: true };
    expect(commits.map(({ announcements }) => announcements)).toMatchObject([
      [{ ...begun, notBefore: now + 3_000 }],
      [{ ...begun, notBefore: now + 4_000, fallback: { plain: true } }],
      [{ ...begun, notBefore: now + 4_000, fallback: bare }],
      [{ ...begun, notBefore: now + 4_000, fallback: bare, failures: 1 }],
    ]);
    await run(now + 4_000);
    expect(posts.map(({ fallback, doubt }) => [fallback, doubt])).toEqual([
      [{}, false],
      [bare, true],
    ]);
  });

  test('waits for its turn without counting as failed', async () => {
    const { run, lines } = setUp([older, newer], [{ kind: 'wait', afterMs: 7_000 }]);
    expect([await run(), lines.map(({ message }) => message)]).toEqual([
      [{ ...older, notBefore: now + 8_000 }],
      ['redrive announced'],
    ]);
  });

  test('is retried, and logged once', async () => {
    const { run, posts, lines } = setUp([older], [later(), later()]);
    const failing = { as: 'refusal', since: now + 1_000, times: 1 };
    const [first] = await run();
    expect(first).toEqual({ ...older, notBefore: now + 4_500, failures: 1, failing });
    expect(await run(now + 4_500)).toMatchObject([{ failures: 2, failing: { ...failing, times: 2 } }]);
    expect(lines).toEqual([{ ...lineOf(older), level: 'warn', message: triedAgain }]);
    expect(posts.map(({ doubt }) => doubt)).toEqual([false, false]);
  });

  test('is retried silently when rate-limited', async () => {
    const { run, lines } = setUp([older], [later({ because: 'rate-limited', afterMs: 30_000 })]);
    expect([await run(), lines]).toMatchObject([[{ notBefore: now + 31_000, maybeDelivered: false }], []]);
  });

  test.each<[string, PostResult | Error, string[]]>([
    ['when Slack did not answer', later({ because: 'trouble', maybeDelivered: true }), [triedAgain]],
    [
      'when posting failed in a way nobody thought of',
      new Error('boom'),
      ['unexpected error while announcing; retrying', triedAgain],
    ],
  ])('is in doubt, and is not searched for before it can have arrived: %s', async (_when, answer, said) => {
    const { run, lines } = setUp([older], [answer]);
    expect(await run()).toMatchObject([{ maybeDelivered: true, failures: 1, notBefore: now + 3_000 }]);
    expect(lines.map(({ message }) => message)).toEqual(said);
    if (answer instanceof Error) expect(lines[0]).toMatchObject({ queue: queue.arn, err: answer });
  });

  test('stays in doubt once it was in doubt', async () => {
    const { run } = setUp([{ ...older, maybeDelivered: true }], [later()]);
    expect(await run()).toMatchObject([{ maybeDelivered: true }]);
  });

  test('is dropped after a day and twenty attempts, and logs what is lost', async () => {
    const { run, tasks, lines } = setUp([{ ...older, failures: 20 }], [later()]);
    expect([await run(now + 25 * hour), tasks, lines]).toEqual([
      [],
      [],
      [
        {
          ...lineOf(older),
          level: 'error',
          watchers: [],
          message: 'could not announce a redrive; giving up',
        },
      ],
    ]);
  });
});

test('a queue is followed if it names a channel', () => {
  const others = [aQueue({ name: 'mails-dlq' }), aQueue({ name: 'images-dlq', notify: 'CIMAGES' })];
  expect(followedAmong([queue, ...others]).map(({ name, notify }) => [name, notify])).toEqual([
    ['orders-dlq', 'COPS'],
    ['images-dlq', 'CIMAGES'],
  ]);
});
