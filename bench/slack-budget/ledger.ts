import type { SlackCall } from '../shared/stand-in.ts';
import { percentile } from '../shared/statistics.ts';
import type { Redrive } from './redrives.ts';

/** Slack's one post a second and channel. */
const postEveryMs = 1_000;
/** The key of an end notice, as it stands in the form: `<watch>/ended"`. */
const endNotice = /%2Fended%22/;

/** What was seen and what was told, and when. */
export function createLedger(redrives: readonly Redrive[], startedAt: number) {
  const byCard = new Map(redrives.map((one) => [one.cardTs, one]));
  const endSeenAt = new Map<string, number>();
  const noticeAt = new Map<string, number>();
  const editedAt = new Map(redrives.map(({ cardTs }) => [cardTs, startedAt]));
  const edited = new Map<string, number>();
  let stalestMs = 0;
  let edits = 0;

  /** How long a card that still moves has shown the same. */
  function noteStaleness({ cardTs, endsAt }: Redrive, now: number): void {
    stalestMs = Math.max(stalestMs, Math.min(now, endsAt) - (editedAt.get(cardTs) ?? now));
  }

  function edit(card: Redrive, now: number): void {
    noteStaleness(card, now);
    editedAt.set(card.cardTs, now);
    edited.set(card.cardTs, (edited.get(card.cardTs) ?? 0) + 1);
  }

  return {
    endSeen(redrive: Redrive, now: number): void {
      if (!endSeenAt.has(redrive.cardTs)) endSeenAt.set(redrive.cardTs, now);
    },
    /** A call that Slack took. */
    took({ method, ts, body }: SlackCall, now: number): void {
      if (method === 'chat.update') edits += 1;
      const card = byCard.get(ts);
      if (method === 'chat.update' && card) edit(card, now);
      const parent = byCard.get(/(?:^|&)thread_ts=([^&]*)/.exec(body)?.[1] ?? '');
      const isEnd = method === 'chat.postMessage' && endNotice.test(body);
      if (isEnd && parent && !noticeAt.has(parent.cardTs)) noticeAt.set(parent.cardTs, now);
    },
    figures(now: number) {
      for (const redrive of redrives) if (redrive.endsAt > now) noteStaleness(redrive, now);
      const ended = redrives.filter(({ cardTs }) => endSeenAt.has(cardTs));
      const told = ended.filter(({ cardTs }) => noticeAt.has(cardTs));
      const delays = told.map(({ cardTs }) => timeOf(noticeAt, cardTs) - timeOf(endSeenAt, cardTs));
      const beyond = beyondTheLimit(told, endSeenAt, noticeAt);
      return {
        editsSent: edits,
        cardsNeverEdited: redrives.length - edited.size,
        stalestCardMs: stalestMs,
        endsSeen: ended.length,
        endNotices: told.length,
        endNoticeDelayMs: { p50: percentile(delays, 0.5), max: percentile(delays, 1) },
        beyondOnePostASecondMs: { p50: percentile(beyond, 0.5), max: percentile(beyond, 1) },
      };
    },
  };
}

/** How much later each notice came than a channel that takes one post a second made it. */
function beyondTheLimit(
  told: readonly Redrive[],
  endSeenAt: ReadonlyMap<string, number>,
  noticeAt: ReadonlyMap<string, number>,
): number[] {
  const freeAt = new Map<string, number>();
  const inOrder = [...told].sort(
    (one, other) => timeOf(endSeenAt, one.cardTs) - timeOf(endSeenAt, other.cardTs),
  );
  const soonest = inOrder.map(({ channel, cardTs }) => {
    const at = Math.max(timeOf(endSeenAt, cardTs), freeAt.get(channel) ?? 0);
    freeAt.set(channel, at + postEveryMs);
    return { channel, at };
  });
  // Whose notice comes first among equals is the bot's to choose, so both are taken in their own order.
  const channels = [...new Set(told.map(({ channel }) => channel))];
  return channels.flatMap((channel) => {
    const could = soonest.filter((one) => one.channel === channel).map(({ at }) => at);
    const came = told.filter((one) => one.channel === channel).map(({ cardTs }) => timeOf(noticeAt, cardTs));
    return came.sort((one, other) => one - other).map((at, place) => Math.max(0, at - (could[place] ?? at)));
  });
}

function timeOf(times: ReadonlyMap<string, number>, key: string): number {
  return times.get(key) ?? Number.NaN;
}
