/**
 * Fills in a format such as `{date_short_pretty} at {time}` in this browser's time zone, as Slack does for
 * its reader.
 */
export function slackDate(timestamp: number, format: string, now = Date.now()): string {
  const date = new Date(timestamp * 1000);
  return format.replace(/\{(\w+)\}/g, (token, name: string, at: number) => {
    const text = tokenText(name, date, now) ?? token;
    return at > 0 && name.endsWith('_pretty')
      ? text.replace(/^(?:Today|Yesterday|Tomorrow)$/, lowerCase)
      : text;
  });
}

const lowerCase = (word: string) => word.toLowerCase();

const months = {
  long: { month: 'long', day: 'numeric' },
  short: { month: 'short', day: 'numeric' },
} as const;

function tokenText(name: string, date: Date, now: number): string | undefined {
  if (name.endsWith('_pretty'))
    return nearDay(date, now) ?? tokenText(name.slice(0, -'_pretty'.length), date, now);
  const show = (options: Intl.DateTimeFormatOptions) => date.toLocaleString('en-US', options);
  switch (name) {
    case 'date_num':
      return date.toLocaleDateString('sv-SE');
    case 'date_slash':
      return show({ year: 'numeric', month: '2-digit', day: '2-digit' });
    case 'date_long':
    case 'day_divider':
      return show({ weekday: 'long', ...months.long, year: 'numeric' });
    case 'date_long_full':
    case 'date':
      return show({ ...months.long, year: 'numeric' });
    case 'date_short':
      return show({ ...months.short, year: 'numeric' });
    case 'time':
      return clockTime(date);
    case 'time_secs':
      return date.toLocaleTimeString(undefined, { timeStyle: 'medium' });
    case 'ago':
      return ago(now - date.getTime());
    default:
      return undefined;
  }
}

export function clockTime(date: Date): string {
  return date.toLocaleTimeString(undefined, { timeStyle: 'short' });
}

export function dayName(date: Date, now = Date.now()): string {
  const sameYear = date.getFullYear() === new Date(now).getFullYear();
  const year = sameYear ? {} : ({ year: 'numeric' } as const);
  return nearDay(date, now) ?? date.toLocaleString('en-US', { weekday: 'long', ...months.long, ...year });
}

function nearDay(date: Date, now: number): string | undefined {
  const days = Math.round((startOfDay(date) - startOfDay(new Date(now))) / 86_400_000);
  return days === 0 ? 'Today' : days === -1 ? 'Yesterday' : days === 1 ? 'Tomorrow' : undefined;
}

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

function ago(passed: number): string {
  const words = new Intl.RelativeTimeFormat('en-US', { numeric: 'auto' });
  const seconds = Math.round(passed / 1000);
  if (Math.abs(seconds) < 60) return words.format(-seconds, 'second');
  if (Math.abs(seconds) < 3600) return words.format(-Math.round(seconds / 60), 'minute');
  if (Math.abs(seconds) < 86_400) return words.format(-Math.round(seconds / 3600), 'hour');
  return words.format(-Math.round(seconds / 86_400), 'day');
}
