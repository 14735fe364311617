import { describe, expect, test } from 'vitest';
import { asRead, asTyped } from '../../src/slack/message-texts.ts';

describe('what is typed to the bot', () => {
  test.each([
    ['<@UBOT> orders-dlq', 'orders-dlq'],
    ['orders-dlq <@UBOT>', 'orders-dlq'],
    ['<@UBOT|dlq-tasks>: orders-dlq', 'orders-dlq'],
    ['<@UBOT>\u00a0orders-dlq\n5', 'orders-dlq 5'],
    ['<@UBOT><@UBOT> help', 'help'],
    ['<@UBOT> *orders-dlq*', 'orders-dlq'],
    ['<@UBOT> _orders-dlq_', 'orders-dlq'],
    ['<@UBOT> _orders-dlq_ 5', 'orders-dlq 5'],
    ['<@UBOT> dead_orders_dlq', 'dead_orders_dlq'],
    ['<@UBOT> ```orders-dlq```', '`orders-dlq`'],
    ['<@UBOT> `orders-dlq`', '`orders-dlq`'],
    ['<@UBOT> orders-dlq cc <@UBOB> <!here> <#C1|ops>', 'orders-dlq cc'],
    [
      '<@UBOT> <https://sqs.eu-west-1.amazonaws.com/111122223333/orders-dlq|sqs.eu-west-1…>',
      'https://sqs.eu-west-1.amazonaws.com/111122223333/orders-dlq',
    ],
    [
      '<@UBOT> <https://example.com/?a=1&amp;b=2> &lt;queue&gt; &amp;amp;',
      'https://example.com/?a=1&b=2 <queue> &amp;',
    ],
    ['<@UBOT>', ''],
  ])('%j is %j', (text, typed) => {
    expect(asTyped(text, 'UBOT')).toBe(typed);
  });
});

test('what is read has its links and no tokens', () => {
  expect(asRead('see <https://a.example/x|the page>, <@U1>, <#C1|ops> &amp; <!date^1^{date}|today>')).toBe(
    'see https://a.example/x the page, , ops & today',
  );
});
