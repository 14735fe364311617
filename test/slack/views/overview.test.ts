import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OverviewRow } from '../../../src/operations/check-queue.ts';
import { appHomeView, overviewView } from '../../../src/slack/views/overview.ts';
import { anAwsError, aQueue, aTask, now } from '../../support/builders.ts';
import { expectFitForSlack, readable } from '../../support/messages.ts';

const hourMs = 3_600_000;
const empty = { waiting: 0, inFlight: 0, delayed: 0 };
const noAnswer = anAwsError({ kind: 'unreachable', code: 'NoAnswerYet', detail: '' });
const eu = { id: '222233334444', label: 'prod-eu' };

function inEu(name: string): OverviewRow {
  return {
    queue: aQueue({ name, accountId: eu.id, account: eu }),
    awsError: noAnswer,
    depthError: noAnswer,
  };
}

const rows: OverviewRow[] = [
  { queue: aQueue({ name: 'empty-dlq' }), depth: empty },
  { queue: aQueue({ name: 'waiting-dlq' }), depth: { waiting: 12, inFlight: 1, delayed: 0 } },
  {
    queue: aQueue({ name: 'fuller-dlq' }),
    task: aTask({ status: 'FAILED', startedAt: now - 48 * hourMs }),
    depth: { waiting: 1_234, inFlight: 0, delayed: 0 },
  },
  { queue: aQueue({ name: 'denied-dlq' }), awsError: anAwsError(), depth: empty },
  ...['a-dlq', 'b-dlq', 'c-dlq', 'd-dlq'].map(inEu),
  {
    queue: aQueue({ name: 'uncounted-dlq' }),
    depthError: anAwsError({ action: 'sqs:GetQueueAttributes' }),
  },
  {
    queue: aQueue({ name: 'failed-dlq' }),
    task: aTask({ status: 'FAILED', startedAt: now - hourMs }),
    depth: { waiting: 3, inFlight: 0, delayed: 0 },
  },
  { queue: aQueue(), task: aTask(), depth: { waiting: 380, inFlight: 0, delayed: 0 } },
  { queue: aQueue({ name: 'young-dlq' }), task: aTask({ moved: 0, startedAt: now - 500 }), depth: empty },
  { queue: aQueue({ name: 'done-dlq' }), task: aTask({ status: 'COMPLETED' }), depth: empty },
];

const longRow: OverviewRow = {
  queue: aQueue({
    name: `${'n'.repeat(75)}.fifo`,
    alias: '<'.repeat(80),
    account: { label: '&'.repeat(80), id: '111122223333' },
    region: 'ap-southeast-7',
  }),
  task: aTask(),
  depth: { waiting: 1, inFlight: 1, delayed: 1 },
};

/** The pages, turned by their own buttons until there is no Next. */
function allPages(given: OverviewRow[]) {
  const pages = [overviewView({ rows: given, seenAt: now })];
  while (JSON.stringify(pages.at(-1)).includes('turn-page:next')) {
    pages.push(overviewView({ rows: given, seenAt: now }, pages.length));
  }
  return pages;
}

describe('the overview', () => {
  test('running first, then failed today, then what is not known, then waiting, then the names of the rest', () => {
    expect(readable(overviewView({ rows, seenAt: now }))).toMatchSnapshot();
  });

  test('of no queues', () => {
    expect(readable(overviewView({ rows: [], seenAt: now }))).toMatchSnapshot();
  });

  test.each([
    ['running', longRow],
    ['waiting', { ...longRow, task: aTask({ status: 'COMPLETED' }) }],
    [
      'refused',
      { queue: longRow.queue, awsError: anAwsError({ kind: 'unexpected', code: '<'.repeat(300) }) },
    ],
    ['empty', { queue: longRow.queue, depth: empty }],
  ])('of 200%s queues with the longest names fits', (_, row) => {
    const many = Array.from({ length: 200 }, () => row);
    for (const page of allPages(many)) expectFitForSlack(page);
  });

  test.each([
    ['running', { task: aTask(), depth: empty }],
    ['waiting', { depth: { waiting: 12, inFlight: 0, delayed: 0 } }],
  ])('of 200%s queues shows each once over its pages, with a button for its card', (_, found) => {
    const many = Array.from({ length: 200 }, (_queue, i) => ({
      queue: aQueue({ name: `queue-${i}` }),
      ...found,
    }));
    const pages = allPages(many);
    const named = pages.flatMap(({ text }) => text.match(/`queue-\d+`/g) ?? []);
    const buttons = pages.flatMap(({ blocks }) => JSON.stringify(blocks).match(/queue-\d+(?=\\",\\"n\\")/g));
    expect(named.toSorted()).toEqual(many.map(({ queue }) => `\`${queue.name}\``).toSorted());
    expect(buttons.toSorted()).toEqual(many.map(({ queue }) => queue.name).toSorted());
  });

  test('of 200 empty queues in 20 accounts only counts them at first, and names each once when asked', () => {
    const many = Array.from({ length: 200 }, (_, i) => {
      const account = { id: String(111122223000 + (i % 20)), label: `account-${i % 20}` };
      return { queue: aQueue({ name: `queue-${i}`, accountId: account.id, account }), depth: empty };
    });
    const [first, ...others] = allPages(many);
    expect(first && readable(first)).toMatchSnapshot();
    const named = others.flatMap(({ text }) => text.match(/`queue-\d+`/g) ?? []);
    expect(named.toSorted()).toEqual(many.map(({ queue }) => `\`${queue.name}\``).toSorted());
    expect(others[0]?.text.split('\n')[2]).toBe(
      `📭 Empty in account-0: ${[0, 20, 40, 60, 80, 100, 120, 140, 160, 180].map((i) => `\`queue-${i}\``).join(', ')}`,
    );
  });

  test('of an account that answers for some queues only, names as many of the others as can be read', () => {
    const some = Array.from({ length: 30 }, (_, i) => inEu(`queue-${i + 10}`));
    const answered = { queue: inEu('a-dlq').queue, depth: empty };
    expect(overviewView({ rows: [...some, answered], seenAt: now }).text.split('\n')[2]).toBe(
      `⚠️ No answer from prod-eu: 30 queues (${some
        .slice(0, 20)
        .map(({ queue }) => `\`${queue.name}\``)
        .join(', ')} and 10 more)`,
    );
  });

  test('whatever is found, every page is fit for Slack, and the last stands in for those after it', () => {
    const row = fc.constantFrom(...rows, longRow);
    fc.assert(
      fc.property(fc.array(row, { maxLength: 200 }), (some) => {
        const pages = allPages(some);
        for (const page of pages) expectFitForSlack(page);
        expect(overviewView({ rows: some, seenAt: now }, 999)).toEqual(pages.at(-1));
      }),
      { numRuns: 25 },
    );
  });
});

describe("the app's Home", () => {
  const about = { workspaceUrl: 'https://sandbox.slack.com/', version: '1.2.3' };
  const watch = {
    queueArn: aQueue().arn,
    startedAt: now - hourMs,
    card: { channel: 'C1', ts: '1.000002' },
    watchers: ['UANN'],
    phase: 'running' as const,
  };

  test("shows the overview, the person's watches, and the version", () => {
    const watches = [{ watch, queue: aQueue() }];
    const appHome = { overview: { rows, seenAt: now }, page: 0, leavesOut: true, watches };
    expect(readable(appHomeView(appHome, about))).toMatchSnapshot();
  });

  test('without watches, and where the bot cannot watch', () => {
    const appHome = { overview: { rows: [], seenAt: now }, page: 0, leavesOut: false };
    expect(readable(appHomeView({ ...appHome, watches: [] }, about))).toMatchSnapshot();
    expect(readable(appHomeView(appHome, about))).not.toContain("You're watching");
  });

  test('of 200 queues stays within 100 blocks', () => {
    const many = Array.from({ length: 200 }, () => longRow);
    const { blocks } = appHomeView(
      { overview: { rows: many, seenAt: now }, page: 1, leavesOut: true, watches: [] },
      about,
    );
    expect([blocks.length <= 100, JSON.stringify(blocks).length < 13_000]).toEqual([true, true]);
  });
});
