import type { KnownBlock } from '@slack/types';
import { describe, expect, test } from 'vitest';
import { refuseBlocks } from '../../../sandbox/slack/block-rules.ts';

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn' as const, text });
const x = (length: number) => 'x'.repeat(length);
const many = <T>(count: number, one: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => one(index));
const button = (index: number, more = {}) => ({
  type: 'button',
  text: plain('Go'),
  action_id: `go-${index}`,
  ...more,
});
const actions = (more: object) => ({ type: 'actions', elements: [button(0, more)] });
const rawText = (text: string) => ({ type: 'raw_text' as const, text });
const confirm = (more: object) => ({
  title: plain('Sure?'),
  text: mrkdwn('It cannot be undone'),
  confirm: plain('Yes'),
  deny: plain('No'),
  ...more,
});
const richText = (...elements: unknown[]) => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements }],
});

describe('what Slack accepts', () => {
  test('everything at its longest', () => {
    const blocks: KnownBlock[] = [
      { type: 'header', text: { ...plain(x(150)), emoji: true } },
      {
        type: 'section',
        text: mrkdwn(x(3_000)),
        accessory: { type: 'button', text: plain(x(75)), value: x(2_000) },
      },
      { type: 'section', fields: many(10, () => mrkdwn(x(10))) },
      { type: 'context', elements: many(10, () => mrkdwn('words')) },
      { type: 'divider' },
      { type: 'table', rows: many(100, () => [rawText('a')]) },
    ];
    expect(refuseBlocks(blocks)).toBeUndefined();
  });

  test('a table row of twenty cells, of every kind', () => {
    const cells = [
      rawText('a'),
      { type: 'raw_number', value: 1, text: '1' },
      richText({ type: 'text', text: 'b' }),
    ];
    const row = many(20, (index) => cells[index % 3]);
    const column_settings = [{ is_wrapped: true }, { align: 'right' }];
    expect(refuseBlocks([{ type: 'table', column_settings, rows: [row, row] }])).toBeUndefined();
  });

  test('menus, confirmations, links and every leaf of rich text', () => {
    const option = { text: plain('orders-dlq'), value: 'orders-dlq' };
    const blocks = [
      {
        type: 'actions',
        elements: [
          button(1, { url: 'https://example.com', style: 'primary', confirm: confirm({}) }),
          { type: 'static_select', action_id: 'pick', placeholder: plain('Queue'), options: [option] },
          { type: 'overflow', action_id: 'more', options: [option] },
        ],
      },
      richText(
        { type: 'text', text: 'orders-dlq', style: { code: true } },
        { type: 'link', url: 'https://example.com', text: 'runbook' },
        { type: 'user', user_id: 'U1' },
        { type: 'emoji', name: 'wave' },
        { type: 'date', timestamp: 1_700_000_000, format: '{date}', fallback: 'then' },
      ),
      { type: 'image', image_url: 'https://example.com/x.png', alt_text: 'x' },
    ];
    expect(refuseBlocks(blocks)).toBeUndefined();
  });
});

describe('what Slack refuses, with its path', () => {
  test.each([
    ['an unknown block', { type: 'progress' }, 'unsupported type: progress', '/type'],
    ['a block of modals', { type: 'alert', text: plain('x') }, 'unsupported type: alert', '/type'],
    ['no type', {}, 'missing required field: type', ''],
    ['an empty section', { type: 'section' }, 'missing required field: text', ''],
    ['an empty text', { type: 'section', text: mrkdwn('') }, 'must be more than 0 characters', '/text/text'],
    [
      'a long text',
      { type: 'section', text: mrkdwn(x(3_001)) },
      'must be less than 3001 characters',
      '/text/text',
    ],
    [
      'a long field',
      { type: 'section', fields: [mrkdwn(x(2_001))] },
      'must be less than 2001 characters',
      '/fields/0/text',
    ],
    [
      '11 fields',
      { type: 'section', fields: many(11, () => mrkdwn('x')) },
      'no more than 10 items allowed',
      '/fields',
    ],
    [
      'an unknown property',
      { type: 'section', text: mrkdwn('x'), colour: 'red' },
      'invalid additional property: colour',
      '',
    ],
    ['mrkdwn in a header', { type: 'header', text: mrkdwn('x') }, 'unsupported type: mrkdwn', '/text/type'],
    [
      'a long header',
      { type: 'header', text: plain(x(151)) },
      'must be less than 151 characters',
      '/text/text',
    ],
    [
      '11 words of context',
      { type: 'context', elements: many(11, () => mrkdwn('x')) },
      'no more than 10 items allowed',
      '/elements',
    ],
    [
      '26 buttons',
      { type: 'actions', elements: many(26, (n) => button(n)) },
      'no more than 25 items allowed',
      '/elements',
    ],
    [
      'a long label',
      actions({ text: plain(x(76)) }),
      'must be less than 76 characters',
      '/elements/0/text/text',
    ],
    ['a long value', actions({ value: x(2_001) }), 'must be less than 2001 characters', '/elements/0/value'],
    [
      'a long action id',
      actions({ action_id: x(256) }),
      'must be less than 256 characters',
      '/elements/0/action_id',
    ],
    ['a long address', actions({ url: x(3_001) }), 'must be less than 3001 characters', '/elements/0/url'],
    [
      'a long question',
      actions({ confirm: confirm({ title: plain(x(101)) }) }),
      'must be less than 101 characters',
      '/elements/0/confirm/title/text',
    ],
    [
      'a long warning',
      actions({ confirm: confirm({ text: mrkdwn(x(301)) }) }),
      'must be less than 301 characters',
      '/elements/0/confirm/text/text',
    ],
    [
      'a long yes',
      actions({ confirm: confirm({ confirm: plain(x(31)) }) }),
      'must be less than 31 characters',
      '/elements/0/confirm/confirm/text',
    ],
    [
      'a repeated action id',
      { type: 'actions', elements: [button(1), button(1)] },
      '`action_id` "go-1" already exists',
      '/elements/1/action_id',
    ],
    [
      '101 rows',
      { type: 'table', rows: many(101, () => [rawText('x')]) },
      'no more than 100 items allowed',
      '/rows',
    ],
    [
      '21 cells',
      { type: 'table', rows: [many(21, () => rawText('x'))] },
      'no more than 20 items allowed',
      '/rows/0',
    ],
    [
      'a button in a table',
      { type: 'table', rows: [[button(1)]] },
      'unsupported type: button',
      '/rows/0/0/type',
    ],
    [
      'an empty cell',
      { type: 'table', rows: [[rawText('')]] },
      'must be more than 0 characters',
      '/rows/0/0/text',
    ],
    [
      'empty rich text',
      richText({ type: 'text', text: '' }),
      'must be more than 0 characters',
      '/elements/0/elements/0/text',
    ],
  ])('%s', (_, block, says, at) => {
    expect(refuseBlocks([block])).toEqual({
      error: 'invalid_blocks',
      messages: [`[ERROR] ${says} [json-pointer:/blocks/0${at}]`],
    });
  });

  test('51 blocks, a repeated block id, two tables, and too much in all', () => {
    const table = { type: 'table', rows: [[rawText('x')]] };
    const line = { type: 'divider', block_id: 'line' };
    expect([
      refuseBlocks(many(51, () => ({ type: 'divider' }))),
      refuseBlocks([line, line]),
      refuseBlocks([table, table])?.error,
      refuseBlocks(many(5, () => ({ type: 'section', text: mrkdwn(x(2_700)) }))),
    ]).toEqual([
      { error: 'invalid_blocks', messages: ['[ERROR] no more than 50 items allowed [json-pointer:/blocks]'] },
      {
        error: 'invalid_blocks',
        messages: ['[ERROR] `block_id` "line" already exists [json-pointer:/blocks/1/block_id]'],
      },
      'invalid_attachments',
      { error: 'msg_blocks_too_long', messages: [] },
    ]);
  });
});
