import { clockTime } from '../text/slack-date.ts';

export function MessageTime({ at }: { at: number }) {
  const date = new Date(at);
  return (
    <time className="message-time" dateTime={date.toISOString()} title={date.toLocaleString()}>
      {clockTime(date)}
    </time>
  );
}
