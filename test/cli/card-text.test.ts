import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { cardText } from '../../src/cli/status-command.ts';
import { paintWith } from '../../src/cli/terminal.ts';
import { anAwsError, aQueue, aReport, aTask, now } from '../support/builders.ts';

beforeEach(() => vi.stubEnv('TZ', 'Asia/Kolkata'));
afterEach(() => vi.unstubAllEnvs());

const plain = paintWith(false);

describe('the card in a terminal', () => {
  test('a running redrive, in the zone of the terminal', () => {
    const queue = aQueue({ alias: 'orders', runbook: 'https://runbooks.example.com/orders' });
    expect(cardText(aReport({ queue }), plain)).toMatchInlineSnapshot(`
      "orders-dlq  orders · prod · 111122223333 · eu-west-1
      🔄 Running
      ▰▰▰▰▰▰▰▰▰▰▱▱▱▱▱ 62%
      620 of 1,000 messages moved · 5.2 per second · about 1 min left
        Started      2026-11-24 08:28, running for 2 min
        Destination  the original source queues
        Rate limit   system optimized
        In the DLQ   about 380 waiting
        Console      https://eu-west-1.console.aws.amazon.com/sqs/v3/home?region=eu-west-1#/queues/https%3A%2F%2Fsqs.eu-west-1.amazonaws.com%2F111122223333%2Forders-dlq
        Runbook      https://runbooks.example.com/orders
      Updated 08:30:00 +05:30. SQS's counts are approximate and a few seconds behind."
    `);
  });

  test('shows the queue that the messages go to, whatever its name', () => {
    const source = { name: 'orders-retry', depth: { waiting: 12, inFlight: 3, delayed: 0 } };
    const fieldsOf = (destinationArn?: string) =>
      cardText(
        aReport({ source, tasks: [aTask(destinationArn === undefined ? {} : { destinationArn })] }),
        plain,
      )
        .split('\n')
        .filter((line) => /orders-retry|DLQ/.test(line));
    expect([fieldsOf(), fieldsOf('arn:aws:sqs:eu-west-1:111122223333:orders-retry')]).toEqual([
      ['  In the DLQ   about 380 waiting', '  Source queue orders-retry · about 12 waiting, 3 in flight'],
      [
        '  Destination       arn:aws:sqs:eu-west-1:111122223333:orders-retry',
        '  In the DLQ        about 380 waiting',
        '  Destination queue orders-retry · about 12 waiting, 3 in flight',
      ],
    ]);
  });

  test('a failed one with its reason, what it means and what to do, and the ones before it', () => {
    const tasks = [
      aTask({ status: 'FAILED', failureReason: 'AccessDenied', moved: 12, toMove: 40 }),
      aTask({ status: 'COMPLETED', moved: 40, toMove: 40, startedAt: now - 86_400_000 }),
      aTask({ status: 'FAILED', failureReason: 'kms', startedAt: Number.NaN }),
    ];
    expect(cardText(aReport({ tasks, asked: 3 }), plain)).toMatchInlineSnapshot(`
      "orders-dlq  prod · 111122223333 · eu-west-1
      ❌ Failed
      ▰▰▰▰▰▱▱▱▱▱▱▱▱▱▱ 30%
      12 of 40 messages moved
      Reason: AccessDenied
      Whoever started the redrive wasn't allowed to move the messages.
      What to do: They need sqs:ReceiveMessage, sqs:DeleteMessage, and sqs:GetQueueAttributes on the DLQ, and sqs:SendMessage on the destination. Check the queue policies, too.
        Started      2026-11-24 08:28
        Destination  the original source queues
        Rate limit   system optimized
        In the DLQ   about 380 waiting
        Console      https://eu-west-1.console.aws.amazon.com/sqs/v3/home?region=eu-west-1#/queues/https%3A%2F%2Fsqs.eu-west-1.amazonaws.com%2F111122223333%2Forders-dlq

      Earlier:
        ✅ Completed · started 2026-11-23 08:30 · 40 of 40 messages moved
        ❌ Failed · started an unknown time · 620 of 1,000 messages moved · kms
      Updated 08:30:00 +05:30. SQS's counts are approximate and a few seconds behind."
    `);
  });

  test('no redrive, and a depth that is not known', () => {
    const depth = { ok: false, awsError: anAwsError({ action: 'sqs:GetQueueAttributes' }) } as const;
    expect(cardText(aReport({ tasks: [], depth }), plain)).toMatchInlineSnapshot(`
      "orders-dlq  prod · 111122223333 · eu-west-1
      💤 No redrive: SQS lists no redrives for this queue.
        In the DLQ   unknown: access denied: sqs:GetQueueAttributes
        Console      https://eu-west-1.console.aws.amazon.com/sqs/v3/home?region=eu-west-1#/queues/https%3A%2F%2Fsqs.eu-west-1.amazonaws.com%2F111122223333%2Forders-dlq
      Updated 08:30:00 +05:30. SQS's counts are approximate and a few seconds behind."
    `);
  });

  test("names from outside can't move the cursor or reverse the text", () => {
    const hostile = '\u001b[2J\u202eSTATUS\r\n\u0007';
    const tasks = [
      aTask({ status: 'UNKNOWN', statusText: hostile, destinationArn: hostile }),
      aTask({ status: 'FAILED', failureReason: hostile }),
    ];
    const text = cardText(aReport({ tasks, asked: 2 }), plain);
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(text).toContain('❔ Unknown status [2JSTATUS\n');
  });

  test('uses colors only where they are wanted', () => {
    expect(cardText(aReport(), plain)).not.toContain('\u001b[');
    expect(cardText(aReport(), paintWith(true))).toContain('\u001b[1m');
  });
});
