import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  type DynamoDBClientConfig,
} from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  type PutCommandInput,
  paginateQuery,
  paginateScan,
  type QueryCommandInput,
  type ScanCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { Log } from '../../operations/log.ts';

export type TableParts = {
  config: DynamoDBClientConfig;
  table: string;
  /** What the SDK threw, without the answer that its errors carry along. */
  plainError: (service: string, error: unknown) => Error;
  log?: Log;
};

type OfTable<I> = Omit<I, 'TableName'>;
type Item = Record<string, unknown>;

/**
 * A table of DynamoDB, through a client that the first request creates. Single reads and scans are consistent. `failed`:
 * what to throw in place of what the SDK threw.
 */
export function openTable(
  { config, table: TableName, plainError }: TableParts,
  failed: (error: unknown) => unknown = (error) => plainError('DynamoDB', error),
) {
  let client: DynamoDBDocumentClient | undefined;

  async function ask<T>(question: (client: DynamoDBDocumentClient) => Promise<T>): Promise<T> {
    try {
      client ??= DynamoDBDocumentClient.from(new DynamoDBClient(config), {
        marshallOptions: { removeUndefinedValues: true },
      });
      return await question(client);
    } catch (error) {
      throw failed(error);
    }
  }

  async function* itemsOf(
    pagesOf: (client: DynamoDBDocumentClient) => AsyncIterable<{ Items?: Item[] | undefined }>,
  ): AsyncGenerator<Item, void> {
    const opened = await ask(async (it) => it);
    try {
      for await (const { Items = [] } of pagesOf(opened)) yield* Items;
    } catch (error) {
      throw failed(error);
    }
  }

  return {
    ask,
    get: (Key: Item): Promise<Item | undefined> =>
      ask(async (it) => (await it.send(new GetCommand({ TableName, Key, ConsistentRead: true }))).Item),
    /** Page by page, as far as they are wanted. */
    query: (asked: OfTable<QueryCommandInput>, pageSize?: number) =>
      itemsOf((it) =>
        paginateQuery({ client: it, ...(pageSize !== undefined && { pageSize }) }, { TableName, ...asked }),
      ),
    scan: (filter: OfTable<ScanCommandInput>) =>
      itemsOf((it) => paginateScan({ client: it }, { TableName, ConsistentRead: true, ...filter })),
    /** Undefined once it is written. Where the condition does not hold: the item that is there, as the SDK has it. */
    put: (input: OfTable<PutCommandInput>) =>
      ask(async (it) => {
        const ReturnValuesOnConditionCheckFailure = 'ALL_OLD';
        try {
          await it.send(new PutCommand({ TableName, ReturnValuesOnConditionCheckFailure, ...input }));
          return undefined;
        } catch (error) {
          if (!(error instanceof ConditionalCheckFailedException)) throw error;
          return error.Item ?? {};
        }
      }),
  };
}
