import { describe, expect, test } from 'vitest';
import { complete } from '../../../sandbox/page/app/composer/complete.ts';
import { pageState } from './page-fixture.ts';

const offered = (text: string) => complete(text, pageState()).completions.map((one) => one.text);

describe('the composer completes', () => {
  test('the command, selected at once while it is unfinished', () => {
    expect(offered('/dl')).toEqual(['/dlq-tasks ']);
    expect(complete('/dl', pageState()).isFirstChosen).toBe(true);
    expect(complete('/dlq-tasks', pageState()).isFirstChosen).toBe(false);
  });

  test('queue names that begin with the word before those that contain it', () => {
    expect(offered('/dlq-tasks re')).toEqual(['/dlq-tasks refunds-dlq ']);
    expect(offered('/dlq-tasks o')).toEqual(['/dlq-tasks orders-dlq ', '/dlq-tasks invoices ']);
  });

  test('nothing once the word is complete, or in a plain message', () => {
    expect(offered('/dlq-tasks orders-dlq')).toEqual([]);
    expect(offered('orders')).toEqual([]);
    expect(offered('/unknown o')).toEqual([]);
  });

  test('not what is already there', () => {
    expect(offered('/dlq-tasks orders-dlq ')).toEqual(
      ['help', 'invoices', 'refunds-dlq'].map((word) => `/dlq-tasks orders-dlq ${word} `),
    );
  });
});
