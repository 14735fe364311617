import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { queuesMentioned } from '../../src/domain/queues-mentioned.ts';
import { messageTexts } from '../../src/slack/message-texts.ts';
import { aQueue } from '../support/builders.ts';

const queues = [
  aQueue(),
  aQueue({ region: 'us-east-1', alias: 'orders-us' }),
  aQueue({ name: 'payments-dlq' }),
  aQueue({
    name: 'billing-events-dlq',
    alias: 'invoices',
    accountId: '444455556666',
    region: 'us-east-1',
  }),
];

/** `isCertain`: for one queue, whose card is posted without asking. */
type Example = { names: string[]; isCertain?: boolean; message: unknown };

const folder = new URL('../fixtures/slack-messages/', import.meta.url);
const examples = readdirSync(folder).map((file): [string, Example] => [
  file.replace('.json', ''),
  JSON.parse(readFileSync(new URL(file, folder), 'utf8')),
]);

const shortName = ({ name, region, accountId }: (typeof queues)[number]) =>
  region === 'us-east-1' && accountId === '111122223333' ? `${name} in ${region}` : name;

describe('the queues in a message', () => {
  test.each(examples)('%s', (_file, { names, isCertain = names.length === 1, message }) => {
    const found = queuesMentioned(messageTexts(message), queues);
    expect({ ...found, queues: found.queues.map(shortName) }).toEqual({ queues: names, isCertain });
  });

  test('an emoji is not a word', () => {
    expect(messageTexts({ text: ':mail: arn:aws:sqs:eu-west-1:1:q' })).toEqual([
      '  arn:aws:sqs:eu-west-1:1:q',
    ]);
  });

  test('styled letters are one word', () => {
    const elements = [
      { type: 'text', text: 'pay', style: { bold: true } },
      { type: 'text', text: 'ments-dlq' },
    ];
    const blocks = [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] }];
    expect(messageTexts({ text: '', blocks })).toContain('payments-dlq');
  });

  test('reads any shape safely', () => {
    fc.assert(
      fc.property(fc.anything({ maxDepth: 6 }), (message) => {
        expect(messageTexts(message).every((text) => typeof text === 'string')).toBe(true);
      }),
    );
  });

  test('nested lines do not double at each level', () => {
    let line: object = { type: 'text', text: 'x'.repeat(1_000) };
    for (let level = 0; level < 11; level++) {
      const ends = [{ type: 'text', text: 'a' }, line, { type: 'text', text: 'b' }];
      line = { type: 'rich_text_section', elements: ends };
    }
    expect(messageTexts({ blocks: [line] }).join('').length).toBeLessThan(3_000);
  });

  test('blocks without end are left alone', () => {
    const block: Record<string, unknown> = { type: 'section', text: 'x' };
    block['elements'] = [block, block];
    expect(messageTexts({ blocks: [block] }).length).toBeLessThanOrEqual(1_000);
  });
});
