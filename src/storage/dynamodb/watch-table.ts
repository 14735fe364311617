import { createHash } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand, paginateQuery, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { CardPlace } from '../../domain/message-place.ts';
import { openTable, type TableParts } from './open-table.ts';

/** The watches in a DynamoDB table with the key `card`, `task`. Every read is a consistent one. */
export function createWatchTable({ config, table: TableName, plainError }: TableParts): WatchRows {
  const ask = openTable(config, (error) => plainError('DynamoDB', error));
  const scan = (filter: object = {}) =>
    ask((client) => rowsOf(paginateScan({ client }, { TableName, ConsistentRead: true, ...filter })));

  return {
    read: ({ card, task }: RowKey) =>
      ask(async (client) => {
        const input = { TableName, Key: { card, task }, ConsistentRead: true };
        const { Item } = await client.send(new GetCommand(input));
        return Item && rowIn(Item);
      }),
    ofCard: (card) =>
      ask((client) =>
        rowsOf(
          paginateQuery(
            { client },
            {
              TableName,
              ConsistentRead: true,
              KeyConditionExpression: 'card = :card',
              ExpressionAttributeValues: { ':card': card },
            },
          ),
        ),
      ),
    // All live watches are a few hundred rows at most, and those that are over are gone after a day.
    live: () => scan({ FilterExpression: 'isLive = :yes', ExpressionAttributeValues: { ':yes': true } }),
    all: () => scan(),
    write: (row) =>
      ask(async (client) => {
        const condition =
          row.version === 1
            ? { ConditionExpression: 'attribute_not_exists(card)' }
            : {
                ConditionExpression: 'version = :before',
                ExpressionAttributeValues: { ':before': row.version - 1 },
              };
        const { others, ...ours } = row;
        const command = new PutCommand({
          TableName,
          Item: { ...others, ...ours },
          ...condition,
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        });
        try {
          await client.send(command);
          return true;
        } catch (error) {
          if (!(error instanceof ConditionalCheckFailedException)) throw error;
          // An earlier try whose answer was lost may have written it.
          return isSame(error.Item, row);
        }
      }),
  };
}

type Item = Record<string, unknown>;

async function rowsOf(pages: AsyncIterable<{ Items?: Item[] | undefined }>): Promise<WatchRow[]> {
  const found: WatchRow[] = [];
  for await (const { Items = [] } of pages) found.push(...Items.map(rowIn));
  return found;
}

/** The document client does not unmarshal the item of an error. */
function isSame(there: ConditionalCheckFailedException['Item'], { version, state }: WatchRow): boolean {
  return there?.['version']?.N === String(version) && there['state']?.S === state;
}

function rowIn({ card, task, version, isLive, state, expiresAt, ...others }: Item): WatchRow {
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
