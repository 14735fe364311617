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

/**
 * An estimate, no more exact than it can be: `less than a minute`, `about 16 min`, `about 2 h 15 min`, `about 1 d 3 h`.
 * To the minute under an hour, then to 5 minutes, and to the hour from a day on.
 */
export function estimateInWords(ms: number): string {
  if (ms < minuteMs) return 'less than a minute';
  const step = ms < 60 * minuteMs ? minuteMs : ms < 24 * 60 * minuteMs ? 5 * minuteMs : 60 * minuteMs;
  return `about ${durationInWords(Math.round(ms / step) * step)}`;
}

const minuteMs = 60_000;

/** `2026-11-24 02:15 UTC`, where the reader's time zone is not known. */
export function timeInWords(ms: number): string {
  const time = dayjs.utc(ms);
  return time.isValid() ? time.format('YYYY-MM-DD HH:mm [UTC]') : 'an unknown time';
}

/** `1,234,567`. Not with Intl, whose first formatter takes 12 ms of a cold start. */
export function countInWords(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `1 message`, `1,200 messages`. */
export function messagesInWords(count: number): string {
  return `${countInWords(count)} ${count === 1 ? 'message' : 'messages'}`;
}

/** `120 per second`, `2.5 per second`, `12 per minute`, `3 per hour`. */
export function rateInWords(perSecond: number): string {
  if (perSecond >= 1) return `${rounded(perSecond)} per second`;
  return perSecond * 60 >= 1
    ? `${rounded(perSecond * 60)} per minute`
    : `${rounded(perSecond * 3600)} per hour`;
}

function rounded(value: number): string {
  return value < 10 ? String(Math.round(value * 10) / 10) : countInWords(value);
}

/** Whole percent, never rounded up to 100. `share` is 0 to 1. */
export function percentInWords(share: number): string {
  return `${Math.floor(share * 100)}%`;
}
