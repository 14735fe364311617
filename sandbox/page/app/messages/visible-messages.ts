import type { PageMessage } from '../../../slack/page-contract.ts';
import type { Notice } from '../use-notices.ts';

export type Item =
  | { is: 'day'; key: string; at: number }
  | { is: 'message'; key: string; at: number; message: PageMessage; isContinued: boolean }
  | { is: 'notice'; key: string; at: number; notice: Notice };

const continuedWithinMs = 5 * 60_000;

export function timeOf(ts: string): number {
  return Number(ts) * 1000;
}

export function inChannel(messages: PageMessage[], channel: string, person: string): PageMessage[] {
  return messages.filter(
    (message) =>
      message.channel === channel &&
      isFor(message, person) &&
      (message.threadTs === undefined || message.isBroadcast === true),
  );
}

export function inThread(
  messages: PageMessage[],
  channel: string,
  thread: string,
  person: string,
): PageMessage[] {
  return messages.filter(
    (message) =>
      message.channel === channel &&
      isFor(message, person) &&
      (message.ts === thread || message.threadTs === thread),
  );
}

function isFor(message: PageMessage, person: string): boolean {
  return message.ephemeralFor === undefined || message.ephemeralFor === person;
}

/** Messages and private notices by time, with a divider before each day, as rows to show. */
export function itemsOf(messages: PageMessage[], notices: Notice[]): Item[] {
  const rows: Item[] = [
    ...messages.map((message): Item => {
      return { is: 'message', key: message.ts, at: timeOf(message.ts), message, isContinued: false };
    }),
    ...notices.map((notice): Item => ({ is: 'notice', key: notice.id, at: notice.at, notice })),
  ].sort((one, other) => one.at - other.at);
  return rows.flatMap((row, place) => {
    const before = rows[place - 1];
    const isNewDay = before === undefined || dayOf(before.at) !== dayOf(row.at);
    const shown = row.is === 'message' ? { ...row, isContinued: !isNewDay && continues(before, row) } : row;
    return isNewDay ? [{ is: 'day', key: `day ${dayOf(row.at)}`, at: row.at }, shown] : [shown];
  });
}

function continues(before: Item, row: Item): boolean {
  if (before.is !== 'message' || row.is !== 'message') return false;
  const [one, other] = [before.message, row.message];
  const isPlain = other.ephemeralFor === undefined && other.isBroadcast !== true && one.replies === undefined;
  return (
    isPlain &&
    one.author === other.author &&
    one.ephemeralFor === undefined &&
    row.at - before.at < continuedWithinMs
  );
}

function dayOf(at: number): string {
  return new Date(at).toDateString();
}
