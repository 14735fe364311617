import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { StoreUnusable } from '../../operations/watching/watch-store.ts';
import { openTable, type TableParts } from './open-table.ts';

/** `queue`: the ARN of the queue, or what else belongs together. `id` names the item within it. */
export type ItemKey = { queue: string; id: string };
/** Whatever a version stored in it; read with care. */
export type Item = ItemKey & Readonly<Record<string, unknown>>;
/** `before`: the version that must stand there now, or that nothing does. Without it, the item is written in any case. */
export type ItemWrite = { item: Item; before?: number | 'nothing' };

/** In every action's item: the index of all queues has only these. */
export const listedMark = { listed: 'action' };
/** The index of the table that has the actions of all queues. */
const indexOfAll = 'newest';

const inProgressTries = 5;
const inProgressPauseMs = 50;

export type ActionItems = ReturnType<typeof createActionTable>;

/**
 * The actions in a DynamoDB table with the key `queue`, `id`, which many processes share. Whatever it throws has changed
 * nothing, or is not StoreUnusable.
 */
export function createActionTable({ config, table: TableName, plainError, log }: TableParts) {
  const { ask, get, query } = openTable({ config, table: TableName, plainError }, unusable);

  /** Nothing was changed. */
  function unusable(error: unknown): StoreUnusable {
    const plain = plainError('DynamoDB', error);
    log?.error({ table: TableName, err: plain }, 'storage failed: could not use the table of actions');
    return new StoreUnusable({ kind: 'table-unusable', detail: nameOf(error) }, plain);
  }

  const read = async ({ queue, id }: ItemKey): Promise<Item | undefined> => {
    const found = await get({ queue, id });
    return found && itemIn(found);
  };

  async function* listed(...asked: Parameters<typeof query>) {
    for await (const found of query(...asked)) yield itemIn(found);
  }

  return {
    /** Consistent. */
    read,
    /** The items of a partition whose ids begin so; consistent. */
    listed: ({ pageSize, ...asked }: PartOfPartition & { pageSize?: number }) =>
      listed(ofPartition(asked), pageSize),
    /** The actions of all queues, the newest first; may lag behind for a moment. */
    newestOfAll: (pageSize: number) => listed(ofAllQueues, pageSize),
    /** All or nothing. False: another writer came first, and nothing was written. */
    async write([first, ...others]: readonly [ItemWrite, ...ItemWrite[]]): Promise<boolean> {
      const written = randomUUID();
      const marked = { ...first, item: { ...first.item, written } };
      const puts = [marked, ...others].map((one) => ({ Put: { TableName, ...putOf(one) } }));
      const client = await ask(async (opened) => opened);
      try {
        return await send(client, { TransactItems: puts, ClientRequestToken: written });
      } catch (error) {
        if (isRefusal(error)) throw unusable(error);
        // No answer: the table itself knows whether it was written, unless it still happens later.
        const there = await read(first.item).catch(() => undefined);
        if (there?.['written'] === written) return true;
        throw plainError('DynamoDB', error);
      }
    },
  };
}

/** With one token however often it is sent: what was written is not written twice, and is known as such. */
async function send(
  client: DynamoDBDocumentClient,
  input: TransactWriteCommandInput,
  tries = 1,
): Promise<boolean> {
  try {
    await client.send(new TransactWriteCommand(input));
    return true;
  } catch (error) {
    if (nameOf(error) === 'TransactionInProgressException' && tries < inProgressTries) {
      await pause(inProgressPauseMs * tries);
      return send(client, input, tries + 1);
    }
    if (error instanceof TransactionCanceledException && isLostRace(error)) return false;
    throw error;
  }
}

type PartOfPartition = { queue: string; prefix: string; newestFirst: boolean };

function ofPartition({ queue, prefix, newestFirst }: PartOfPartition) {
  return {
    ConsistentRead: true,
    KeyConditionExpression: '#queue = :queue AND begins_with(#id, :prefix)',
    ExpressionAttributeNames: { '#queue': 'queue', '#id': 'id' },
    ExpressionAttributeValues: { ':queue': queue, ':prefix': prefix },
    ScanIndexForward: !newestFirst,
  };
}

const ofAllQueues = {
  IndexName: indexOfAll,
  KeyConditionExpression: '#listed = :listed',
  ExpressionAttributeNames: { '#listed': 'listed' },
  ExpressionAttributeValues: { ':listed': listedMark.listed },
  ScanIndexForward: false,
};

function putOf({ item, before }: ItemWrite) {
  if (before === undefined) return { Item: item };
  if (before === 'nothing') {
    const ConditionExpression = 'attribute_not_exists(#queue)';
    return { Item: item, ConditionExpression, ExpressionAttributeNames: { '#queue': 'queue' } };
  }
  return {
    Item: item,
    ConditionExpression: '#version = :before',
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: { ':before': before },
  };
}

/** Another writer has written one of the items, or is about to. */
function isLostRace({
  CancellationReasons = [],
}: {
  CancellationReasons?: { Code?: string | undefined }[] | undefined;
}) {
  const lost = ['ConditionalCheckFailed', 'TransactionConflict'];
  return CancellationReasons.some(({ Code = '' }) => lost.includes(Code));
}

/** An answer that says that nothing was written. */
function isRefusal(error: unknown): boolean {
  const { httpStatusCode: status = 0 } = Object(Object(error)['$metadata']);
  return status >= 400 && status < 500 && nameOf(error) !== 'TransactionInProgressException';
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}

function itemIn(found: Record<string, unknown>): Item {
  return { ...found, queue: String(found['queue']), id: String(found['id']) };
}
