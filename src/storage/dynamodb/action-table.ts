import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import type {
  DynamoDBDocumentClient,
  QueryCommandInput,
  TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { Log } from '../../operations/log.ts';
import { StoreUnusable } from '../../operations/watching/watch-store.ts';
import { type ActionItems, type Item, type ItemWrite, listedMark } from './action-items.ts';

const loaded = () => import('./dynamo.ts');

export type ActionTableParts = {
  config: DynamoDBClientConfig;
  table: string;
  /** What the SDK threw, without the answer that its errors carry along. */
  plainError: (service: string, error: unknown) => Error;
  log?: Log;
};

/** The index of the table that has the actions of all queues. */
const indexOfAll = 'newest';

const inProgressTries = 5;
const inProgressPauseMs = 50;

/** The actions in a DynamoDB table with the key `queue`, `id`. */
export function createActionTable({
  config,
  table: TableName,
  plainError,
  log,
}: ActionTableParts): ActionItems {
  let opened: ReturnType<typeof open> | undefined;
  const open = async (): Promise<Opened> => {
    const dynamo = await loaded();
    const client = dynamo.DynamoDBDocumentClient.from(new dynamo.DynamoDBClient(config), {
      marshallOptions: { removeUndefinedValues: true },
    });
    return { dynamo, client };
  };
  const parts = () => (opened ??= open());

  /** Nothing was changed. */
  function unusable(error: unknown): StoreUnusable {
    const plain = plainError('DynamoDB', error);
    log?.error({ table: TableName, err: plain }, 'storage failed: the table of actions could not be used');
    return new StoreUnusable({ kind: 'table-unusable', detail: nameOf(error) }, plain);
  }

  async function read(key: Pick<Item, 'queue' | 'id'>): Promise<Item | undefined> {
    const { dynamo, client } = await parts();
    const { queue, id } = key;
    const command = new dynamo.GetCommand({ TableName, Key: { queue, id }, ConsistentRead: true });
    try {
      const { Item: found } = await client.send(command);
      return found && itemIn(found);
    } catch (error) {
      throw unusable(error);
    }
  }

  async function* query(
    asked: Omit<QueryCommandInput, 'TableName'>,
    pageSize?: number,
  ): AsyncGenerator<Item> {
    const { dynamo, client } = await parts();
    const config = { client, ...(pageSize !== undefined && { pageSize }) };
    const pages = dynamo.paginateQuery(config, { TableName, ...asked });
    try {
      for await (const { Items = [] } of pages) yield* Items.map(itemIn);
    } catch (error) {
      throw unusable(error);
    }
  }

  return {
    read,
    listed: ({ pageSize, ...asked }) => query(ofPartition(asked), pageSize),
    newestOfAll: (pageSize) => query(ofAllQueues, pageSize),
    async write([first, ...others]) {
      const written = randomUUID();
      const marked = { ...first, item: { ...first.item, written } };
      const puts = [marked, ...others].map((one) => ({ Put: { TableName, ...putOf(one) } }));
      try {
        return await send(await parts(), { TransactItems: puts, ClientRequestToken: written });
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

type Opened = { dynamo: Awaited<ReturnType<typeof loaded>>; client: DynamoDBDocumentClient };

/** With one token however often it is sent: what was written is not written twice, and is known as such. */
async function send(opened: Opened, input: TransactWriteCommandInput, tries = 1): Promise<boolean> {
  const { dynamo, client } = opened;
  try {
    await client.send(new dynamo.TransactWriteCommand(input));
    return true;
  } catch (error) {
    if (nameOf(error) === 'TransactionInProgressException' && tries < inProgressTries) {
      await pause(inProgressPauseMs * tries);
      return send(opened, input, tries + 1);
    }
    if (error instanceof dynamo.TransactionCanceledException && isLostRace(error)) return false;
    throw error;
  }
}

function ofPartition({
  queue,
  prefix,
  newestFirst,
}: {
  queue: string;
  prefix: string;
  newestFirst: boolean;
}) {
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

/** Somebody has written one of the items, or is about to. */
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
