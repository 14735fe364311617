import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MoveTask } from '../../../src/domain/move-task.ts';
import { moveTaskStatuses } from '../../../src/domain/move-task-status.ts';
import { cardView } from '../../../src/slack/views/card.ts';
import { aCard, anAwsError, aQueue, aTask, now } from '../../support/builders.ts';
import { expectFitForSlack, readable } from '../../support/messages.ts';

const tasks: [string, MoveTask | undefined][] = [
  ['running', aTask()],
  ['running without a start time', { status: 'RUNNING', statusText: 'RUNNING', moved: 10, toMove: 40 }],
  ['running, not yet counted', { status: 'RUNNING', statusText: 'RUNNING', startedAt: now - 1_000 }],
  [
    'running with a custom rate and destination',
    aTask({ customRate: 5, destinationArn: 'arn:aws:sqs:eu-west-1:111122223333:orders' }),
  ],
  ['running, moved more than was counted', aTask({ moved: 1200, toMove: 1000 })],
  ['completed', aTask({ status: 'COMPLETED', moved: 1000 })],
  ['completed, moved 50 of 0', aTask({ status: 'COMPLETED', moved: 50, toMove: 0 })],
  ['completed with nothing to move', aTask({ status: 'COMPLETED', moved: 0, toMove: 0 })],
  ['canceling', aTask({ status: 'CANCELLING' })],
  ['canceled', aTask({ status: 'CANCELLED' })],
  ['failed: source unknown', aTask({ status: 'FAILED', failureReason: 'CouldNotDetermineMessageSource' })],
  [
    'failed: destination gone',
    aTask({ status: 'FAILED', failureReason: 'AWS.SimpleQueueService.NonExistentQueue' }),
  ],
  ['failed: access denied', aTask({ status: 'FAILED', failureReason: 'AccessDenied' })],
  ['failed: an unknown reason', aTask({ status: 'FAILED', failureReason: 'Internal' })],
  ['failed without a reason', aTask({ status: 'FAILED' })],
  ['a status nobody knows', aTask({ status: 'UNKNOWN', statusText: 'PAUSED' })],
  ['with nothing but a status', { status: 'COMPLETED', statusText: 'COMPLETED' }],
  ['no task', undefined],
];

describe('the card', () => {
  test.each(tasks)('%s', (_what, task) => {
    const message = cardView(aCard(task ? { task } : {}));
    expectFitForSlack(message);
    expect(readable(message)).toMatchSnapshot();
  });

  test('says how many messages are in the source queue, or in the destination that was named', () => {
    const source = { name: 'orders', depth: { waiting: 1_204, inFlight: 3, delayed: 0 } };
    const destinationArn = 'arn:aws:sqs:eu-west-1:111122223333:orders';
    const shown = [aTask(), aTask({ destinationArn })].map((task) => cardView(aCard({ task, source })));
    for (const message of shown) expectFitForSlack(message);
    expect(shown.map(({ text }) => /^(Source|Destination) queue: .*/m.exec(text)?.[0])).toEqual([
      'Source queue: `orders` · about 1,204 waiting, 3 in flight',
      'Destination queue: `orders` · about 1,204 waiting, 3 in flight',
    ]);
  });

  test.each<[string, MoveTask, object]>([
    ['of a followed queue', aTask(), { followed: {} }],
    ['of a followed queue, with who started it', aTask(), { followed: {}, startedBy: 'ada as on-call' }],
    [
      'that has ended, with who started it',
      aTask({ status: 'COMPLETED', moved: 1000 }),
      { startedBy: 'ada' },
    ],
    [
      'that had ended before it was noticed, with who started it',
      aTask({ status: 'COMPLETED', moved: 1000 }),
      { followed: { endedUnseen: true }, startedBy: 'states.amazonaws.com' },
    ],
    ['that the settings no longer allow here', aTask(), { forbidden: true, startedBy: 'ada' }],
    [
      'that the settings no longer allow here, and that was never seen',
      { status: 'UNKNOWN', statusText: '', startedAt: now - 60_000 },
      { forbidden: true },
    ],
  ])('%s', (_what, task, given) => {
    const message = cardView(aCard({ task, watch: { watchers: [], notListed: false, ...given } }));
    expectFitForSlack(message);
    expect(readable(message)).toMatchSnapshot();
  });

  test('of an aliased queue with a runbook, and a depth that is denied', () => {
    const queue = aQueue({ alias: 'invoices', runbook: 'https://runbooks.example.com/billing?a=1&b=2' });
    const depth = { ok: false as const, awsError: anAwsError({ action: 'sqs:GetQueueAttributes' }) };
    expect(readable(cardView(aCard({ queue, depth, task: aTask() })))).toMatchSnapshot();
  });
});

const nasty = `<!channel> <https://x|y> & *z* \`q\` <@U123> @here https://evil.example`;

test('what AWS returns pings no one, links nowhere and stays readable', () => {
  const task = aTask({
    status: 'FAILED',
    failureReason: nasty,
    destinationArn: `arn:${nasty}`,
    statusText: nasty,
  });
  const message = cardView(aCard({ task }));
  expectFitForSlack(message);
  expect(message.text).toContain(
    "`&lt;!channel&gt; &lt;https://x|y&gt; &amp; *z* 'q' &lt;@U123&gt; @here https://evil.example`",
  );
});

const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 2_000 }),
  fc.constantFrom(nasty, '', '`', 'x'.repeat(5_000)),
);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const anyNumber = fc.oneof(fc.nat(), fc.double({ min: 0, max: Number.MAX_SAFE_INTEGER, noNaN: true }));
const anyTask = fc.record({
  status: fc.constantFrom(...moveTaskStatuses),
  statusText: anyText,
  destinationArn: maybe(anyText),
  customRate: maybe(anyNumber),
  moved: maybe(anyNumber),
  toMove: maybe(anyNumber),
  failureReason: maybe(anyText),
  startedAt: maybe(anyNumber),
});

function defined(given: Record<string, unknown>): MoveTask {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  return { status: 'UNKNOWN', statusText: '', ...Object.fromEntries(entries) };
}

test('who started it pings no one and links nowhere', () => {
  const watch = { watchers: [], notListed: false, startedBy: nasty };
  const message = cardView(aCard({ task: aTask(), watch }));
  expectFitForSlack(message);
  expect(message.text).toContain("Started by `&lt;!channel&gt; &lt;https://x|y&gt; &amp; *z* 'q'");
});

test('its card is valid for Slack, whatever the task contains', () => {
  fc.assert(
    fc.property(anyTask, (task) => expectFitForSlack(cardView(aCard({ task: defined(task) })))),
    { numRuns: 300 },
  );
});
