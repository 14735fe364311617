import { beforeEach, describe, expect, test } from 'vitest';
import type { AwsError, Outcome } from '../../src/domain/aws-error.ts';
import type { Depth, MoveTask } from '../../src/domain/move-task.ts';
import type { Queue } from '../../src/domain/queue.ts';
import type { OverviewRow } from '../../src/operations/check-queue.ts';
import { appHomeOf, createPollAll, messagesIn, overviewOf, partsOf } from '../../src/operations/overview.ts';
import type { Watches, WatchView } from '../../src/operations/watching/watches.ts';
import { anAwsError, aQueue, aTask, now } from '../support/builders.ts';
import { fakeMoveTasks } from '../support/fake-move-tasks.ts';
import { fakeWatches } from '../support/fake-watches.ts';

const empty: Depth = { waiting: 0, inFlight: 0, delayed: 0 };
const orders = aQueue();
const mails = aQueue({ name: 'mails-dlq' });
const salaries = aQueue({ name: 'salaries-dlq', channels: ['CPAY'] });
const queues = [orders, salaries, mails];

const namesIn = ({ rows }: { rows: readonly OverviewRow[] }) => rows.map(({ queue }) => queue.name);

describe('a poll of all queues', () => {
  type Lists = (queue: Queue, signal?: AbortSignal) => Promise<Outcome<MoveTask[]>>;
  const polls = (list: Lists, depth: () => Promise<Outcome<Depth>>, patience?: () => AbortSignal) => {
    let clock = now;
    const moveTasks = { list: (queue: Queue, _: number, signal?: AbortSignal) => list(queue, signal), depth };
    return createPollAll({ moveTasks, clock: () => clock++, ...(patience && { patience }) });
  };
  const counted = async () => ({ ok: true as const, value: empty });

  test('has a row for each, in order, even if AWS refuses part of it', async () => {
    const list: Lists = async (queue) => {
      if (queue === salaries) return { ok: false, awsError: anAwsError() };
      return { ok: true, value: queue === orders ? [aTask()] : [] };
    };
    const refused = anAwsError({ action: 'sqs:GetQueueAttributes' });
    const depthRefused = async () => ({ ok: false as const, awsError: refused });
    expect(await polls(list, counted)(queues)).toEqual({
      rows: [
        { queue: orders, task: aTask(), depth: empty },
        { queue: salaries, awsError: anAwsError(), depth: empty },
        { queue: mails, depth: empty },
      ],
      seenAt: now,
    });
    expect(await polls(list, depthRefused)([orders])).toMatchObject({
      rows: [{ queue: orders, task: aTask(), depthError: refused }],
    });
  });

  /** Polls that never end; `under` names the queues in progress. */
  function withoutEnd(patience: AbortSignal) {
    const under: string[] = [];
    const list: Lists = (queue, signal) => {
      under.push(queue.name);
      return new Promise((resolve) =>
        signal?.addEventListener('abort', () => resolve({ ok: true, value: [] })),
      );
    };
    return { under, poll: polls(list, counted, () => patience) };
  }
  const noAnswer = (action: string): AwsError =>
    anAwsError({ kind: 'unreachable', action, region: 'eu-west-1', code: 'NoAnswerYet', detail: '' });

  test('reports queues that do not answer in time, and aborts the calls', async () => {
    const patience = new AbortController();
    const { under, poll } = withoutEnd(patience.signal);
    const seen = poll([orders, mails]);
    await expect.poll(() => under).toEqual([orders.name, mails.name]);
    patience.abort();
    const awsError = noAnswer('sqs:ListMessageMoveTasks');
    expect((await seen).rows).toEqual([
      { queue: orders, awsError, depth: empty },
      { queue: mails, awsError, depth: empty },
    ]);
  });

  test('asks AWS nothing once no one is waiting', async () => {
    const { under, poll } = withoutEnd(AbortSignal.abort());
    expect([await poll([orders]), under]).toMatchObject([
      {
        rows: [
          {
            awsError: noAnswer('sqs:ListMessageMoveTasks'),
            depthError: noAnswer('sqs:GetQueueAttributes'),
          },
        ],
      },
      [],
    ]);
  });

  test('makes at most 8 calls per role at once, so that a slow account does not delay the others', async () => {
    const patience = new AbortController();
    const { under, poll } = withoutEnd(patience.signal);
    const slow = Array.from({ length: 50 }, (_, i) => aQueue({ name: `slow-${i}` }));
    const quick = aQueue({ name: 'quick', accountId: '444455556666' });
    const seen = poll([...slow, quick]);
    await expect.poll(() => under.length).toBe(9);
    expect(under.toSorted().slice(0, 2)).toEqual(['quick', 'slow-0']);
    patience.abort();
    await seen;
    expect(under).toHaveLength(9);
  });

  test('makes at most 120 calls at once in total', async () => {
    const patience = new AbortController();
    const { under, poll } = withoutEnd(patience.signal);
    const many = Array.from({ length: 150 }, (_, i) =>
      aQueue({ name: `queue-${i}`, role: { arn: `role-${i}` } }),
    );
    const seen = poll(many);
    await expect.poll(() => under.length).toBe(120);
    patience.abort();
    await seen;
    expect(under).toHaveLength(120);
  });
});

describe('an overview', () => {
  const aws = fakeMoveTasks();
  const pollAll = createPollAll({ moveTasks: aws, clock: () => now });
  beforeEach(() => aws.lists());

  test('shows a channel its queues, on the requested page', async () => {
    const overview = await overviewOf({ channelId: 'CGENERAL' }, { queues, pollAll });
    const row = (queue: Queue) => ({ queue, depth: empty });
    expect(overview).toEqual({
      kind: 'overview',
      overview: { rows: [row(orders), row(mails)], seenAt: now },
      page: 0,
    });
    expect(await overviewOf({ channelId: 'CPAY', page: 2 }, { queues, pollAll })).toMatchObject({
      overview: { rows: queues.map(row) },
      page: 2,
    });
  });

  describe("in the app's Home", () => {
    const watchOf = (queueArn: string): WatchView => ({
      queueArn,
      startedAt: now,
      card: { channel: 'C1', ts: '1.1' },
      watchers: ['UANN'],
      phase: 'running',
    });
    const stored = [watchOf(salaries.arn), watchOf('arn:of:one:that:left:the-settings'), watchOf(orders.arn)];
    const watches = fakeWatches({ list: async ({ user }) => (user === 'UANN' ? stored : []) });
    const identityOf = (given: { queues: Queue[]; watches?: Watches }) =>
      appHomeOf({ userId: 'UANN', page: 1 }, { pollAll, ...given });

    test("has the person's own watches, without queues limited to certain channels", async () => {
      const { overview, ...home } = await identityOf({ queues, watches });
      expect([namesIn(overview), home]).toEqual([
        [orders.name, mails.name],
        {
          page: 1,
          leavesOut: true,
          watches: [
            { watch: stored[0], queue: salaries },
            { watch: stored[2], queue: orders },
          ],
        },
      ]);
    });

    test("has no watches if the bot can't watch", async () => {
      const { overview, ...home } = await identityOf({ queues: [orders] });
      expect([namesIn(overview), home]).toEqual([[orders.name], { page: 1, leavesOut: false }]);
    });
  });
});

describe('the parts of an overview', () => {
  const hour = 3_600_000;
  const row = (alias: string, given: Partial<OverviewRow> = {}, queue: Partial<Queue> = {}): OverviewRow => ({
    queue: aQueue({ name: alias, ...queue }),
    depth: empty,
    ...given,
  });
  const failed = (ago?: number) => {
    const { startedAt: _, ...task } = aTask({ status: 'FAILED' });
    return { task: ago === undefined ? task : { ...task, startedAt: now - ago } };
  };
  const withMessages = (waiting: number, inFlight = 0) => ({ depth: { waiting, inFlight, delayed: 0 } });
  const unknown = { queue: aQueue({ name: 'unknown' }) };

  /** Each part as names only. */
  function parted(...rows: OverviewRow[]) {
    const { running, failed, troubles, waiting, quiet } = partsOf({ rows, seenAt: now });
    const names = (part: readonly OverviewRow[]) => namesIn({ rows: part });
    return {
      running: names(running),
      failed: names(failed),
      troubles: troubles.map((trouble) => [trouble.unknown, ...trouble.queues.map(({ name }) => name)]),
      waiting: names(waiting),
      quiet: quiet.map(({ name }) => name),
    };
  }
  const nothing = { running: [], failed: [], troubles: [], waiting: [], quiet: [] };

  test('are running, failed in the last 24 hours, unknown, with messages, and the rest', () => {
    expect(
      parted(
        row('runs', { task: aTask(), awsError: anAwsError() }),
        row('is-cancelled', { task: aTask({ status: 'CANCELLING' }) }),
        row('failed', { ...failed(hour), ...withMessages(5) }),
        row('failed-long-ago', failed(24 * hour)),
        row('failed-just-within-a-day', failed(24 * hour - 1)),
        row('failed-some-time', failed()),
        row('has-ended', { task: aTask({ status: 'COMPLETED' }), ...withMessages(1) }),
        row('holds-more', withMessages(1, 2)),
        row('refused', { awsError: anAwsError() }),
        row('empty'),
      ),
    ).toEqual({
      running: ['is-cancelled', 'runs'],
      failed: ['failed-some-time', 'failed', 'failed-just-within-a-day'],
      troubles: [['tasks', 'refused']],
      waiting: ['holds-more', 'has-ended'],
      quiet: ['empty', 'failed-long-ago'],
    });
  });

  test('are sorted by name in natural order, and by ARN if names are equal', () => {
    const twin = (region: string) => row('queue-1', { task: aTask() }, { region });
    const { running } = partsOf({
      rows: [
        row('queue-10', { task: aTask() }),
        row('queue-2', { task: aTask() }),
        twin('us-east-1'),
        twin('eu-west-1'),
      ],
      seenAt: now,
    });
    expect(running.map(({ queue }) => `${queue.name} ${queue.region}`)).toEqual([
      'queue-1 eu-west-1',
      'queue-1 us-east-1',
      'queue-2 eu-west-1',
      'queue-10 eu-west-1',
    ]);
  });

  test('report an error once for each account, reason and what is unknown, most queues first', () => {
    const depthError = anAwsError({ action: 'sqs:GetQueueAttributes' });
    const shop = { account: { label: 'shop', id: '444455556666' } };
    const { depth: _, ...uncounted } = row('uncounted', { depthError });
    expect(
      parted(
        uncounted,
        row('denied-1', { awsError: anAwsError() }),
        row('denied-2', { awsError: anAwsError({ detail: 'of another kind of words' }), depthError }),
        row('denied-in-shop', { awsError: anAwsError() }, shop),
        row('a-throttled', { awsError: anAwsError({ kind: 'throttled' }) }),
      ),
    ).toEqual({
      ...nothing,
      troubles: [
        ['tasks', 'denied-1', 'denied-2'],
        ['tasks', 'a-throttled'],
        ['tasks', 'denied-in-shop'],
        ['depth', 'uncounted'],
      ],
    });
    expect(partsOf({ rows: [uncounted], seenAt: now }).troubles).toEqual([
      { unknown: 'depth', awsError: depthError, queues: [uncounted.queue] },
    ]);
  });

  test('count messages in flight, and none if they are not known', () => {
    expect([messagesIn(row('busy', withMessages(3, 4))), messagesIn(unknown)]).toEqual([7, 0]);
  });
});
