import { createHash } from 'node:crypto';
import type { CardPlace } from '../../domain/message-place.ts';
import { openTable, type TableParts } from './open-table.ts';

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

/** The table of watches that many processes share. */
export type WatchRows = ReturnType<typeof createWatchTable>;

/** The watches in a DynamoDB table with the key `card`, `task`. Every read is a consistent one. */
export function createWatchTable(parts: TableParts) {
  const table = openTable(parts);
  const scan = async (filter: object = {}) => (await Array.fromAsync(table.scan(filter))).map(rowIn);

  return {
    async read({ card, task }: RowKey): Promise<WatchRow | undefined> {
      const found = await table.get({ card, task });
      return found && rowIn(found);
    },
    async ofCard(card: string): Promise<WatchRow[]> {
      const values = { ExpressionAttributeValues: { ':card': card } };
      const query = { ConsistentRead: true, KeyConditionExpression: 'card = :card', ...values };
      return (await Array.fromAsync(table.query(query))).map(rowIn);
    },
    // All live watches are a few hundred rows at most, and those that are over are gone after a day.
    live: () => scan({ FilterExpression: 'isLive = :yes', ExpressionAttributeValues: { ':yes': true } }),
    /** All rows of the table, of which those of watches have the key of a card. */
    all: () => scan(),
    /**
     * Writes a new row (version 1) or the next version of one. False: another writer came first, and nothing was
     * written.
     */
    async write({ others, ...row }: WatchRow): Promise<boolean> {
      const before = { ':before': row.version - 1 };
      const condition =
        row.version === 1
          ? { ConditionExpression: 'attribute_not_exists(card)' }
          : { ConditionExpression: 'version = :before', ExpressionAttributeValues: before };
      const there = await table.put({ Item: { ...others, ...row }, ...condition });
      // An earlier try whose answer was lost may have written it.
      return !there || (there['version']?.N === String(row.version) && there['state']?.S === row.state);
    },
  };
}

function rowIn({
  card,
  task,
  version,
  isLive,
  state,
  expiresAt,
  ...others
}: Record<string, unknown>): WatchRow {
  return {
    card: String(card ?? ''),
    task: String(task ?? ''),
    version: Number(version),
    isLive: isLive === true,
    state: String(state ?? ''),
    expiresAt: Number(expiresAt),
    ...(Object.keys(others).length > 0 && { others }),
  };
}

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
