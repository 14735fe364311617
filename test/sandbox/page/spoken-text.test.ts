import { expect, test } from 'vitest';
import { spokenText } from '../../../sandbox/page/app/text/spoken-text.ts';
import { pageState } from './page-fixture.ts';

test.each([
  ['a person, the bot and a channel', '<@U1> asks <@UBOT> in <#C2>', '@Ada asks @dlq-tasks in #billing'],
  ['somebody nobody knows', '<@U9>', '@U9'],
  [
    'a date',
    'Seen <!date^1700000000^{date_short_pretty} {time}|2023-11-14 22:13 UTC>',
    'Seen 2023-11-14 22:13 UTC',
  ],
  ['a link', '<https://x.example|card>', 'card'],
  ['code', '`/dlq-tasks &lt;queue&gt;`', '/dlq-tasks <queue>'],
])('%s is read out by name', (_, written, spoken) => {
  expect(spokenText(written, pageState())).toBe(spoken);
});
