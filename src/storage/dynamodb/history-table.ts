import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { PastRedrive } from '../../domain/history/past-redrive.ts';
import type { HistoryStore } from '../../operations/history/history.ts';
import type { Log } from '../../operations/log.ts';
import { changedRedrive, redriveIn } from '../stored-redrive.ts';
import { openTable, type TableParts } from './open-table.ts';

/** Each write that loses to another one is tried again from the newest state. */
const mostTries = 10;

/** The history in a DynamoDB table of its own with the key `queue`, `startedAt`, so that nothing else reads its rows. */
export function createHistoryTable({
  config,
  table: TableName,
  plainError,
  log,
}: TableParts & { log?: Log }): HistoryStore {
  const ask = openTable(config, (error) => plainError('DynamoDB', error));

  /** False: another writer came first. */
  async function recorded(redrive: PastRedrive, client: DynamoDBDocumentClient): Promise<boolean> {
    const Key = { queue: redrive.queueArn, startedAt: redrive.startedAt };
    const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
    const before = Item?.['state'];
    const raw: unknown = typeof before === 'string' ? JSON.parse(before) : undefined;
    const next = changedRedrive(raw, redrive);
    if (next === raw) return true;
    const condition =
      before === undefined
        ? { ConditionExpression: 'attribute_not_exists(queue)' }
        : {
            ConditionExpression: '#state = :before',
            ExpressionAttributeNames: { '#state': 'state' },
            ExpressionAttributeValues: { ':before': before },
          };
    const item = { ...Item, ...Key, state: JSON.stringify(next) };
    try {
      await client.send(new PutCommand({ TableName, Item: item, ...condition }));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  return {
    record: (redrive) =>
      ask(async (client) => {
        for (let tries = 0; tries < mostTries; tries += 1) if (await recorded(redrive, client)) return;
        throw new Error(`Too many concurrent writes to the history of ${redrive.queueArn}.`);
      }),
    list: ({ queueArn, atMost }) =>
      ask(async (client) => {
        const found: PastRedrive[] = [];
        const pages = paginateQuery(
          { client },
          {
            TableName,
            KeyConditionExpression: 'queue = :queue',
            ExpressionAttributeValues: { ':queue': queueArn },
            ScanIndexForward: false,
            Limit: Math.min(atMost, 1_000),
          },
        );
        for await (const { Items = [] } of pages) {
          found.push(...Items.flatMap(({ state }) => redriveIn(state, queueArn, log)));
          if (found.length >= atMost) break;
        }
        return found.slice(0, atMost);
      }),
  };
}
