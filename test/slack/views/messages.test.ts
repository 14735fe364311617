import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { awsErrorKinds } from '../../../src/domain/aws-error.ts';
import { newestOf } from '../../../src/operations/check-queue.ts';
import { cardView } from '../../../src/slack/views/card.ts';
import { helpView, misunderstandingView } from '../../../src/slack/views/help.ts';
import {
  awsErrorView,
  choiceView,
  refusalView,
  unknownQueueView,
  withErrorId,
} from '../../../src/slack/views/private-message.ts';
import { redrivesView } from '../../../src/slack/views/redrives.ts';
import {
  couldNotEditView,
  nothingStoredView,
  onlyYouSeeThis,
  stillWaitingView,
  unexpectedErrorView,
  unknownButtonView,
} from '../../../src/slack/views/unexpected-error.ts';
import { anAwsError, aQueue, aReport, aTask, now } from '../../support/builders.ts';
import { expectFitForSlack, readable } from '../../support/messages.ts';

const errorId = 'E-TEST01';
const hourMs = 3_600_000;
const longName = `${'n'.repeat(75)}.fifo`;
const longQueue = aQueue({
  name: longName,
  alias: 'a'.repeat(80),
  account: { label: 'l'.repeat(80), id: '111122223333' },
  region: 'ap-southeast-7',
  runbook: `https://runbooks.example.com/${'r'.repeat(2_900)}`,
});

const numbered = (count: number) =>
  Array.from({ length: count }, (_, i) =>
    aQueue({ name: `queue-${i + 1}`, account: { label: 'prod', id: '1' } }),
  );

const history = [
  aTask(),
  aTask({ status: 'COMPLETED', moved: 1000, startedAt: now - hourMs }),
  aTask({
    status: 'FAILED',
    failureReason: 'CouldNotDetermineMessageSource',
    moved: 0,
    startedAt: now - 2 * hourMs,
  }),
  aTask({
    status: 'CANCELLED',
    moved: 8,
    toMove: 10,
    destinationArn: 'arn:aws:sqs:eu-west-1:111122223333:elsewhere',
  }),
];

describe('history', () => {
  test('as a table', () => {
    expect(readable(redrivesView(aReport({ tasks: history, asked: 10 }), true, 'table'))).toMatchSnapshot();
  });

  test('without a table', () => {
    expect(readable(redrivesView(aReport({ tasks: history, asked: 10 }), true, 'list'))).toMatchSnapshot();
  });

  test('of a queue with one task is its card, and says that there are no others', () => {
    expect(readable(redrivesView(aReport({ asked: 10 }), true, 'table'))).toMatchSnapshot();
  });

  test('of a queue without any is its card, which says so', () => {
    const report = aReport({ asked: 10, tasks: [] });
    expect(redrivesView(report, true, 'table')).toEqual(cardView(newestOf(report)));
  });

  test('of ten failed tasks on the longest name fits', () => {
    const failed = aTask({
      status: 'FAILED',
      failureReason: '<&>`'.repeat(2_000),
      destinationArn: 'x'.repeat(2_000),
    });
    const report = aReport({ queue: longQueue, tasks: Array.from({ length: 10 }, () => failed), asked: 10 });
    expectFitForSlack(redrivesView(report, true, 'table'));
    expectFitForSlack(redrivesView(report, true, 'list'));
  });
});

describe('in private', () => {
  test.each(awsErrorKinds)('the error %s says what happened and what to do', (kind) => {
    const ofSts = { service: 'STS', action: 'sts:AssumeRole' } as const;
    const awsError = anAwsError({ kind, ...(kind === 'role-refused' && ofSts) });
    const message = withErrorId(awsErrorView(aQueue(), awsError), errorId);
    expectFitForSlack(message);
    expect(readable(message)).toMatchSnapshot();
  });

  test.each([
    { reason: 'external-person' as const },
    { reason: 'unknown-home' as const },
    { reason: 'channel' as const, allowed: ['C0123', 'C0456'] },
    { reason: 'person' as const, userGroups: [] },
    { reason: 'person' as const, userGroups: ['S1'] },
    { reason: 'groups-unknown' as const },
  ])('a refusal: $reason', (refusal) => {
    expect(readable(withErrorId(refusalView(refusal), errorId))).toMatchSnapshot();
  });

  test.each([
    { wrong: 'count-not-a-number' as const, typed: 'five' },
    { wrong: 'count-out-of-range' as const, typed: '11' },
    { wrong: 'no-such-word' as const, typed: 'wacth', meant: 'watch orders-dlq' },
    { wrong: 'too-many-words' as const, typed: 'orders-dlq 5 please', first: 'orders-dlq' },
  ])('a misunderstanding: $wrong', (misunderstanding) => {
    expect(readable(misunderstandingView(misunderstanding))).toMatchSnapshot();
  });

  test('an unknown queue, with its nearest', () => {
    const nearest = [aQueue(), aQueue({ name: 'order-events-dlq' })];
    expect(
      readable(unknownQueueView({ typed: 'ordres', nearest, asked: 1, inSight: nearest }, true)),
    ).toMatchSnapshot();
  });

  test('an unknown queue unlike any other', () => {
    const unknown = { typed: 'zzz', nearest: [], asked: 1, inSight: [] };
    expect(unknownQueueView(unknown, true)).toMatchSnapshot();
  });

  test.each([true, false])('an unknown queue among many, searchable: %s', (searchable) => {
    const inSight = numbered(26);
    const unknown = { typed: 'quueue-7', nearest: inSight.slice(6, 7), asked: 3, inSight };
    expect(readable(unknownQueueView(unknown, searchable))).toMatchSnapshot();
  });

  test('a choice', () => {
    const queues = [aQueue(), aQueue({ alias: 'orders-us', region: 'us-east-1' })];
    expect(readable(choiceView({ typed: 'orders-dlq', queues, asked: 3 }, true))).toMatchSnapshot();
  });

  test.each([true, false])('a choice among many, searchable: %s', (searchable) => {
    const queues = numbered(7).map((queue) => ({ ...queue, name: 'orders-dlq' }));
    expect(readable(choiceView({ typed: 'orders-dlq', queues, asked: 3 }, searchable))).toMatchSnapshot();
  });

  test('help', () => {
    expect(readable(helpView({ canWatch: true, canAct: false }))).toMatchSnapshot();
  });

  test('an unexpected error', () => {
    expect(readable(withErrorId(unexpectedErrorView(), errorId))).toMatchSnapshot();
  });

  test.each(['disk-full', 'folder-gone'] as const)('nothing can be saved: %s', (kind) => {
    expect(readable(nothingStoredView({ kind }))).toMatchSnapshot();
  });

  test('slow answers', () => {
    expect(readable(stillWaitingView())).toMatchSnapshot();
  });

  test('an unknown button', () => {
    expect(readable(withErrorId(unknownButtonView(), errorId))).toMatchSnapshot();
  });

  test.each([
    { kind: 'refused' as const, code: 'not_in_channel' },
    { kind: 'refused' as const, code: 'is_archived' },
    { kind: 'refused' as const, code: 'missing_scope', missingScope: 'chat:write' },
    { kind: 'rate-limited' as const, retryAfterSeconds: 7 },
    { kind: 'in-doubt' as const, code: 'ECONNRESET' },
  ])('why only you see this, and why a card was not edited: $kind $code', (failure) => {
    expect([
      onlyYouSeeThis(failure, 'dlq-tasks'),
      withErrorId(couldNotEditView(failure, 'dlq-tasks'), errorId).text,
    ]).toMatchSnapshot();
  });

  test('every private message is valid for Slack, whatever was typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 4_000 }), (typed) => {
        const inSight = Array.from({ length: 200 }, () => longQueue);
        for (const searchable of [true, false]) {
          const unknown = { typed, nearest: inSight.slice(0, 3), asked: 1, inSight };
          expectFitForSlack(unknownQueueView(unknown, searchable));
          expectFitForSlack(choiceView({ typed, queues: inSight, asked: 1 }, searchable));
        }
        expectFitForSlack(misunderstandingView({ wrong: 'too-many-words', typed, first: typed }));
        expectFitForSlack(misunderstandingView({ wrong: 'no-such-word', typed, meant: typed }));
        expectFitForSlack(
          withErrorId(
            awsErrorView(longQueue, anAwsError({ kind: 'unexpected', code: typed, detail: typed })),
            errorId,
          ),
        );
      }),
    );
  });
});
