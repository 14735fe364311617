import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import type * as Dynamo from './dynamo.ts';

/** The SDK is loaded with the first request: most commands make none. */
async function open(config: DynamoDBClientConfig) {
  const dynamo: typeof Dynamo = await import('./dynamo.ts');
  const client = dynamo.DynamoDBDocumentClient.from(new dynamo.DynamoDBClient(config), {
    marshallOptions: { removeUndefinedValues: true },
  });
  return { dynamo, client };
}

export type OpenTable = Awaited<ReturnType<typeof open>>;

export type TableParts = {
  config: DynamoDBClientConfig;
  table: string;
  /** What the SDK threw, without the answer that its errors carry along. */
  plainError: (service: string, error: unknown) => Error;
};

/** Asks DynamoDB. `failed`: what to throw in place of what the SDK threw. */
export function openTable(config: DynamoDBClientConfig, failed: (error: unknown) => unknown) {
  let opened: Promise<OpenTable> | undefined;
  return async function ask<T>(question: (table: OpenTable) => Promise<T>): Promise<T> {
    opened ??= open(config);
    try {
      return await question(await opened);
    } catch (error) {
      throw failed(error);
    }
  };
}
