import { beforeEach, describe, expect, test } from 'vitest';
import type { Queue } from '../../src/domain/queue.ts';
import { createPollForPerson } from '../../src/operations/move-tasks.ts';
import { refreshCard } from '../../src/operations/refresh-card.ts';
import type { PersonsPoll, WatchView } from '../../src/operations/watching/watches.ts';
import { anAwsError, aQueue, aReport, aTask, now } from '../support/builders.ts';
import { fakeMoveTasks } from '../support/fake-move-tasks.ts';
import { fakeWatches } from '../support/fake-watches.ts';

const queue = aQueue();
const card = { channel: 'CGENERAL', ts: '100.1' };
const ours = aTask({ startedAt: now - 7_200_000 });
const newer = aTask({ startedAt: now - 60_000 });
const depth = { ok: true as const, value: { waiting: 380, inFlight: 0, delayed: 0 } };
const counts = [
  { startedAt: now - 60_000, at: now - 9_000, moved: 4 },
  { startedAt: now - 7_200_000, at: now - 9_000, moved: 5 },
];

const aws = fakeMoveTasks();
beforeEach(() => {
  aws.holds(depth);
  aws.lists(newer, ours);
});

const view = (given: Partial<WatchView> = {}): WatchView => ({
  queueArn: queue.arn,
  startedAt: now - 7_200_000,
  card,
  watchers: ['UANN'],
  phase: 'running',
  ...given,
});

/** Ann refreshes the card; `stored` is its watch, and `sighted` what that watch learns. */
async function refreshed(stored?: WatchView, given: { queues?: Queue[]; asked?: number } = {}) {
  const observed: PersonsPoll[] = [];
  const watches = fakeWatches({
    ofCard: async ({ ts }) => (ts === card.ts ? stored : undefined),
    observed: async (poll) => void observed.push(poll),
  });
  const clock = () => now;
  const pollForPerson = createPollForPerson({ moveTasks: aws, clock });
  const { queues = [queue], asked = 1 } = given;
  const question = { typed: queue.arn, channelId: 'CGENERAL', asked, earlier: counts };
  const answer = await refreshCard(question, card, { queues, pollForPerson, moveTasks: aws, clock, watches });
  return { answer, observed };
}

const newestReport = (asked = 1) => ({
  kind: 'report',
  report: aReport({ tasks: [newer, ours].slice(0, asked), earlier: counts.slice(0, 1), asked }),
});
const anUnwatchedCard = { queue, seenAt: now, task: ours, depth, earlier: counts.slice(1), asked: 1 };

describe('an unwatched card shows the newest redrive', () => {
  test('when there never was a watch', async () => {
    expect(await refreshed()).toEqual({ answer: newestReport(), observed: [] });
  });

  test('when the watch of an older one is over', async () => {
    const over = view({ phase: 'over', followed: { startedBy: 'Ada' } });
    expect(await refreshed(over)).toEqual({ answer: newestReport(), observed: [] });
  });

  test("if it has no message of its own, or if the bot can't watch", async () => {
    const clock = () => now;
    const deps = {
      queues: [queue],
      pollForPerson: createPollForPerson({ moveTasks: aws, clock }),
      moveTasks: aws,
      clock,
    };
    const question = { typed: queue.arn, channelId: 'CGENERAL', asked: 1, earlier: counts };
    expect(await refreshCard(question, undefined, deps)).toEqual(newestReport());
    expect(await refreshCard(question, card, deps)).toEqual(newestReport());
  });
});

describe('the card still says who started a redrive when the watch is over', () => {
  const over = (followed: WatchView['followed']) => view({ phase: 'over', ...(followed && { followed }) });
  beforeEach(() => aws.lists(ours));

  test('while it is the newest', async () => {
    expect((await refreshed(over({ startedBy: 'Ada' }))).answer).toEqual({
      kind: 'watched',
      card: { ...anUnwatchedCard, watch: { watchers: [], startedBy: 'Ada', notListed: false } },
    });
  });

  test('with what was missed of it', async () => {
    const followed = { startedBy: 'Ada', endedUnseen: true as const };
    expect((await refreshed(over(followed))).answer).toMatchObject({
      card: { watch: { startedBy: 'Ada', followed } },
    });
  });

  test.each<[string, WatchView['followed'], number]>([
    ['where it is not known', {}, 1],
    ['where the channel does not follow the queue', undefined, 1],
    ['on a table of several', { startedBy: 'Ada' }, 2],
  ])('but not %s', async (_where, followed, asked) => {
    expect((await refreshed(over(followed), { asked })).answer).toEqual({
      kind: 'report',
      report: aReport({ tasks: [ours], earlier: counts.slice(1), asked }),
    });
  });

  test('nor if AWS fails', async () => {
    aws.answers({ ok: false, awsError: anAwsError() });
    expect((await refreshed(over({ startedBy: 'Ada' }))).answer).toMatchObject({ kind: 'awsError' });
  });
});

describe('a watched card', () => {
  test('stays with its redrive, says that there is a newer one, and passes the poll on to the watch', async () => {
    const found = { ok: true, tasks: [newer, ours] };
    expect(await refreshed(view({ followed: { startedBy: 'Ada' } }))).toEqual({
      answer: {
        kind: 'watched',
        card: {
          ...anUnwatchedCard,
          watch: {
            watchers: ['UANN'],
            followed: { startedBy: 'Ada' },
            startedBy: 'Ada',
            notListed: false,
            newer: { startedAt: now - 60_000, finished: false },
          },
        },
      },
      observed: [{ queue, card, poll: { at: now, calls: 2, found, depth } }],
    });
  });

  test.each(['settling', 'bouncing'] as const)(
    'names no watchers once its redrive has ended: %s',
    async (phase) => {
      aws.lists(aTask({ ...ours, status: 'COMPLETED', statusText: 'COMPLETED' }));
      expect((await refreshed(view({ phase }))).answer).toEqual({
        kind: 'watched',
        card: {
          ...anUnwatchedCard,
          task: { ...ours, status: 'COMPLETED', statusText: 'COMPLETED' },
          watch: { watchers: [], notListed: false },
        },
      });
    },
  );

  test("shows its redrive's last known state if SQS no longer lists it", async () => {
    aws.lists();
    const { answer, observed } = await refreshed(view({ seen: { task: ours, at: now - 9_000 } }));
    expect([answer, observed.length]).toEqual([
      { kind: 'watched', card: { ...anUnwatchedCard, watch: { watchers: ['UANN'], notListed: true } } },
      1,
    ]);
  });

  test('shows no redrive if SQS never listed it', async () => {
    aws.lists();
    const { task: _, ...cardWithoutTask } = anUnwatchedCard;
    expect((await refreshed(view())).answer).toEqual({
      kind: 'watched',
      card: { ...cardWithoutTask, watch: { watchers: ['UANN'], notListed: true } },
    });
  });

  test('tells the person, but not the watch, why AWS failed', async () => {
    aws.answers({ ok: false, awsError: anAwsError() });
    expect(await refreshed(view())).toEqual({
      answer: { kind: 'awsError', queue, awsError: anAwsError() },
      observed: [],
    });
  });

  test('is answered like any unlisted queue if the settings no longer list its queue', async () => {
    expect(await refreshed(view(), { queues: [] })).toMatchObject({
      answer: { kind: 'unknown-queue', typed: queue.arn },
      observed: [],
    });
  });
});
