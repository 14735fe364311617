import { describe, expect, test } from 'vitest';
import { dayName, slackDate } from '../../../sandbox/page/app/text/slack-date.ts';

const noon = new Date(2026, 0, 15, 12).getTime();
const at = (ms: number, format: string) => slackDate(ms / 1000, format, noon);
const hour = 3_600_000;

describe('dates as the reader sees them', () => {
  test('near days have names, in lower case inside a sentence', () => {
    expect([
      at(noon - hour, '{date_short_pretty}'),
      at(noon - 24 * hour, 'since {date_pretty}'),
      at(noon - 72 * hour, '{date_short_pretty}'),
    ]).toEqual(['Today', 'since yesterday', 'Jan 12, 2026']);
  });

  test('replaces every known token, and keeps unknown ones', () => {
    expect(at(noon, '{date_num}|{date_slash}|{date_long}|{date}|{date_short}|{odd}')).toBe(
      '2026-01-15|01/15/2026|Thursday, January 15, 2026|January 15, 2026|Jan 15, 2026|{odd}',
    );
    expect([30_000, hour, 50 * hour].map((passed) => at(noon - passed, '{ago}'))).toEqual([
      '30 seconds ago',
      '1 hour ago',
      '2 days ago',
    ]);
  });

  test('a day divider shows the year only for another year', () => {
    expect([dayName(new Date(2026, 0, 2), noon), dayName(new Date(2025, 0, 2), noon)]).toEqual([
      'Friday, January 2',
      'Thursday, January 2, 2025',
    ]);
  });
});
