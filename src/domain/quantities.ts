import dayjs from 'dayjs';
import duration from 'dayjs/plugin/duration.js';
import utc from 'dayjs/plugin/utc.js';

dayjs.extend(duration);
dayjs.extend(utc);

/** `45 s`, `3 min 20 s`, `2 h 14 min`, `1 d 3 h`. Under a second: `under 1 s`. */
export function durationInWords(ms: number): string {
  const length = dayjs.duration(Math.max(0, Math.floor(ms / 1000)), 'seconds');
  const parts: [number, string][] = [
    [Math.floor(length.asDays()), 'd'],
    [Math.floor(length.asHours()) % 24, 'h'],
    [length.minutes(), 'min'],
    [length.seconds(), 's'],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return 'under 1 s';
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}

/** `2026-11-24 02:15 UTC`, for where the reader's own time zone is not known. */
export function timeInWords(ms: number): string {
  const time = dayjs.utc(ms);
  return time.isValid() ? time.format('YYYY-MM-DD HH:mm [UTC]') : 'an unknown time';
}

// Made once: a formatter takes a hundred times as long to make as to use, and every card has several numbers.
const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });

/** `1,234,567`. */
export function countInWords(count: number): string {
  return whole.format(count);
}

/** `1 message`, `1,200 messages`. */
export function messagesInWords(count: number): string {
  return `${countInWords(count)} ${count === 1 ? 'message' : 'messages'}`;
}

/** `120 a second`, `2.5 a second`, `12 a minute`, `3 an hour`. */
export function rateInWords(perSecond: number): string {
  if (perSecond >= 1) return `${rounded(perSecond)} a second`;
  return perSecond * 60 >= 1 ? `${rounded(perSecond * 60)} a minute` : `${rounded(perSecond * 3600)} an hour`;
}

function rounded(value: number): string {
  return (value < 10 ? tenths : whole).format(value);
}

/** Whole percent, never rounded up to 100. `share` is 0 to 1. */
export function percentInWords(share: number): string {
  return `${Math.floor(share * 100)} %`;
}
