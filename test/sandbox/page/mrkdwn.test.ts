import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Inline, parseMrkdwn } from '../../../sandbox/page/app/text/mrkdwn.ts';

const line = (text: string): Inline[] =>
  parseMrkdwn(text).flatMap((part) => ('inside' in part ? part.inside : []));

describe('the page reads mrkdwn as Slack does', () => {
  test('escaped text pings no one; a bare URL is a link that ends at its end', () => {
    expect(line('&lt;!channel&gt; &lt;https://x.example/a|y&gt; &amp;amp;')).toEqual([
      { is: 'text', text: '<!channel> <' },
      { is: 'link', url: 'https://x.example/a', label: 'https://x.example/a' },
      { is: 'text', text: '|y> &amp;' },
    ]);
  });

  test('shows a ping that was not escaped', () => {
    expect(line('<!channel> <!subteam^S1|@ops> <@U1> <#C1|orders>')).toEqual([
      { is: 'broadcast', to: 'channel' },
      { is: 'text', text: ' ' },
      { is: 'group', id: 'S1', label: '@ops' },
      { is: 'text', text: ' ' },
      { is: 'user', id: 'U1' },
      { is: 'text', text: ' ' },
      { is: 'channel', id: 'C1', label: 'orders' },
    ]);
  });

  test('a literal @channel is only text', () => {
    expect(line('@channel @here')).toEqual([{ is: 'text', text: '@channel @here' }]);
  });

  test('a date keeps its format, link and fallback', () => {
    expect(line('<!date^1700000000^{date_short} {time}^https://x.example|then>')).toEqual([
      {
        is: 'date',
        timestamp: 1_700_000_000,
        format: '{date_short} {time}',
        url: 'https://x.example',
        fallback: 'then',
      },
    ]);
  });

  test('nests bold, italic, and struck words; a star in a word or in code is a star', () => {
    expect(line('*a _b_* 2*3*4 `*c*`')).toEqual([
      {
        is: 'bold',
        inside: [
          { is: 'text', text: 'a ' },
          { is: 'italic', inside: [{ is: 'text', text: 'b' }] },
        ],
      },
      { is: 'text', text: ' 2*3*4 ' },
      { is: 'code', text: '*c*' },
    ]);
  });

  test('separates quotes and preformatted text', () => {
    expect(parseMrkdwn('before\n&gt; one\n> two\n```\n<a>\n```')).toEqual([
      { is: 'lines', inside: [{ is: 'text', text: 'before' }] },
      { is: 'quote', inside: [{ is: 'text', text: 'one\ntwo' }] },
      { is: 'preformatted', text: '<a>' },
    ]);
  });

  test('never fails, and escaped text never contains a mention', () => {
    fc.assert(
      fc.property(fc.string(), (raw) => {
        const escaped = raw.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
        const special = ['user', 'channel', 'group', 'broadcast', 'date'];
        expect(JSON.stringify(parseMrkdwn(raw))).toBeTypeOf('string');
        expect(line(escaped).filter(({ is }) => special.includes(is))).toEqual([]);
      }),
    );
  });
});
