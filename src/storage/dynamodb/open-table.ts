import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

export type TableParts = {
  config: DynamoDBClientConfig;
  table: string;
  /** What the SDK threw, without the answer that its errors carry along. */
  plainError: (service: string, error: unknown) => Error;
};

/** Asks DynamoDB, through a client that the first request creates. `failed`: what to throw in place of what the SDK threw. */
export function openTable(config: DynamoDBClientConfig, failed: (error: unknown) => unknown) {
  let client: DynamoDBDocumentClient | undefined;
  return async function ask<T>(question: (client: DynamoDBDocumentClient) => Promise<T>): Promise<T> {
    try {
      client ??= DynamoDBDocumentClient.from(new DynamoDBClient(config), {
        marshallOptions: { removeUndefinedValues: true },
      });
      return await question(client);
    } catch (error) {
      throw failed(error);
    }
  };
}
