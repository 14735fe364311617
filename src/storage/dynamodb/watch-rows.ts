import { createHash } from 'node:crypto';
import type { CardPlace } from '../../domain/message-place.ts';

/** `card`: the message; `task`: which of its queue's tasks. Together they name one row. */
export type RowKey = { card: string; task: string };

export type WatchRow = RowKey & {
  /** Counts the writes, from 1. */
  version: number;
  isLive: boolean;
  /** All that is known, as JSON text. */
  state: string;
  /** Epoch seconds; the row may be deleted from then on. */
  expiresAt: number;
  /** What else a newer version stores in it. */
  others?: Record<string, unknown>;
};

/** The table of watches that many processes share. Reads are consistent. */
export type WatchRows = {
  read(key: RowKey): Promise<WatchRow | undefined>;
  ofCard(card: string): Promise<WatchRow[]>;
  live(): Promise<WatchRow[]>;
  /** All rows of the table, of which those of watches have the key of a card. */
  all(): Promise<WatchRow[]>;
  /**
   * Writes a new row (version 1) or the next version of one. False: another writer came first, and nothing was written.
   */
  write(row: WatchRow): Promise<boolean>;
};

type Card = Pick<CardPlace, 'channel' | 'ts'>;

export function cardKeyOf({ channel, ts }: Card): string {
  return `${channel}:${ts}`;
}

export function rowKeyOf(task: { queueArn: string; startedAt: number; card: Card }): RowKey {
  return { card: cardKeyOf(task.card), task: hashOf(`${task.queueArn} ${task.startedAt}`) };
}

/** In place of a card, for what belongs to a queue. */
export function queueKeyOf(queueArn: string): string {
  return `queue:${hashOf(queueArn)}`;
}

function hashOf(name: string): string {
  return createHash('sha256').update(name).digest('base64url').slice(0, 16);
}

/** The generation distinguishes a watch from earlier ones of the same task on the same card. */
export function watchIdOf({ card, task }: RowKey, generation: number): string {
  return `${card}:${task}:${generation.toString(36)}`;
}

export function rowKeyOfWatch(id: string): RowKey {
  const [channel = '', ts = '', task = ''] = id.split(':');
  return { card: cardKeyOf({ channel, ts }), task };
}
