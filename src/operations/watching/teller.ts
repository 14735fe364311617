import type { CardState, MessagePlace, Notice } from '../../domain/watch/telling.ts';
import type { CardPlace } from '../../domain/watch/watch.ts';

/** Something to be put into Slack now. */
export type ToTell =
  /** Edit the card. Of two edits the one with the later `state.seenAt` counts; nothing replaces a final state. */
  | { kind: 'card'; card: CardPlace; state: CardState }
  /** Post a notice in the card's thread, `key` with it; when the card is gone, in the thread or else the channel. */
  | (NoticeToTell & { kind: 'notice'; doubt: boolean })
  /** Edit the notice that stands at `message`; never post. */
  | (NoticeToTell & { kind: 'correction'; message: MessagePlace });

export type NoticeToTell = {
  queueArn: string;
  /** The task's start, epoch milliseconds. */
  startedAt: number;
  card: CardPlace;
  cardGone: boolean;
  watchers: readonly string[];
  key: string;
  notice: Notice;
};

export type Told =
  /** `message`: where a notice stands, so that it can be corrected. `found`: it stood there already, with its first text. */
  | { kind: 'told'; message?: MessagePlace; found?: boolean }
  /**
   * Try again after a while, for example Slack's Retry-After. `maybeTold`: it is not certain that it was not told
   * (a reset connection, a timeout), so the next try comes with `doubt`.
   */
  | { kind: 'later'; afterMs?: number; maybeTold: boolean; why: string }
  | { kind: 'never'; because: NeverBecause; why: string };

/**
 * `message-gone`: the card (or the notice to correct) was deleted; the watch goes on without it.
 * `channel-closed`: archived, deleted, or the bot is not in it any more; the watch ends.
 * `refused`: Slack refuses this one message; it is dropped and the watch goes on.
 */
type NeverBecause = 'message-gone' | 'channel-closed' | 'refused';

/**
 * Port: tells people. It always answers, within a minute. It may throw: that counts as `later`, maybe told. With `doubt` the notice may stand in the
 * thread already, from this process or an earlier one: it is looked for by its key, and only posted when it is not there.
 * It answers `later` instead of holding a progress edit back for long: a newer one takes its place meanwhile.
 * A revoked token is `later`, too: an operator mends it, and nothing is lost.
 */
export type Teller = { tell(what: ToTell): Promise<Told> };
