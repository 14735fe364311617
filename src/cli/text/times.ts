import dayjs from 'dayjs';

/** `2026-11-24 04:15`, in the local time zone. */
export function localTime(ms: number): string {
  const time = dayjs(ms);
  return time.isValid() ? time.format('YYYY-MM-DD HH:mm') : 'an unknown time';
}

/** `04:15:07 +01:00`. */
export function localSecond(ms: number): string {
  return dayjs(ms).format('HH:mm:ss Z');
}

/** For machines, always UTC. undefined for an invalid time. */
export function isoTime(ms: number | undefined): string | undefined {
  const time = dayjs(ms ?? Number.NaN);
  return time.isValid() ? time.toISOString() : undefined;
}
