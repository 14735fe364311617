import { describe, expect, test } from 'vitest';
import { inChannel, inThread, itemsOf } from '../../../sandbox/page/app/messages/visible-messages.ts';
import { message } from './page-fixture.ts';

const messages = [
  message({ ts: '1700000000.000100' }),
  message({ ts: '1700000010.000100', threadTs: '1700000000.000100' }),
  message({ ts: '1700000020.000100', threadTs: '1700000000.000100', isBroadcast: true }),
  message({ ts: '1700000030.000100', ephemeralFor: 'U1' }),
  message({ ts: '1700000040.000100', channel: 'C2' }),
];
const seconds = (shown: { ts: string }[]) => shown.map(({ ts }) => Number(ts.slice(8, 10)));

describe('who sees what', () => {
  test("the channel shows its messages, broadcast replies, and this person's private messages", () => {
    expect(seconds(inChannel(messages, 'C1', 'U1'))).toEqual([0, 20, 30]);
    expect(seconds(inChannel(messages, 'C1', 'U2'))).toEqual([0, 20]);
  });

  test('the thread shows the parent and all replies', () => {
    expect(seconds(inThread(messages, 'C1', '1700000000.000100', 'U1'))).toEqual([0, 10, 20]);
  });

  test('starts with a day divider, and groups messages of the same author', () => {
    const shown = itemsOf(
      [message({ ts: '1700000000.0' }), message({ ts: '1700000060.0' }), message({ ts: '1700600000.0' })],
      [],
    );
    expect(shown.map((item) => (item.is === 'message' ? item.isContinued : item.is))).toEqual([
      'day',
      false,
      true,
      'day',
      false,
    ]);
  });
});
