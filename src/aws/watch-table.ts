import { setTimeout as pause } from 'node:timers/promises';
import type { RowKey, WatchRow, WatchRows } from '../operations/watching/watch-rows.ts';
import { refusedBy, type SignedAnswer, type SignedCall } from './signed-call.ts';

type Value = { S: string } | { N: string } | { BOOL: boolean };
type Item = Record<string, Value>;
type Answer = { Item?: Item; Items?: Item[]; LastEvaluatedKey?: Item; __type?: string };

const timeoutMs = 3_000;
const mostTries = 5;
const firstWaitMs = 50;

/** The watches in a DynamoDB table with the key `card`, `task`. Every read is a consistent one. */
export function createWatchTable(call: SignedCall, table: string): WatchRows {
  /** Repeated when DynamoDB is busy or the line broke; a write knows its own row again. */
  async function ask(operation: string, input: object): Promise<Answer> {
    for (let tries = 1; ; tries += 1) {
      const answer = await tried(operation, input).catch((error: unknown) => {
        if (tries >= mostTries) throw error;
        return undefined;
      });
      if (answer?.status === 200 || (answer && isRefusal(answer))) return JSON.parse(answer.body || '{}');
      if (answer && (tries >= mostTries || !isPassing(answer))) throw refusedBy('DynamoDB', answer);
      await pause(firstWaitMs * 2 ** (tries - 1) * (0.5 + Math.random()));
    }
  }

  const tried = (operation: string, input: object) =>
    call({
      service: 'dynamodb',
      path: '/',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${operation}`,
      },
      body: JSON.stringify({ TableName: table, ...input }),
      timeoutMs,
    });

  async function all(operation: 'Query' | 'Scan', input: object): Promise<WatchRow[]> {
    const found: WatchRow[] = [];
    let from: Item | undefined;
    do {
      const start: object = from ? { ExclusiveStartKey: from } : {};
      const page = await ask(operation, { ...input, ConsistentRead: true, ...start });
      found.push(...(page.Items ?? []).map(rowIn));
      from = page.LastEvaluatedKey;
    } while (from);
    return found;
  }

  return {
    async read({ card, task }: RowKey) {
      const { Item: item } = await ask('GetItem', {
        Key: { card: { S: card }, task: { S: task } },
        ConsistentRead: true,
      });
      return item && rowIn(item);
    },
    ofCard: (card) =>
      all('Query', {
        KeyConditionExpression: 'card = :card',
        ExpressionAttributeValues: { ':card': { S: card } },
      }),
    // All live watches are a few hundred rows at most, and those that are over are gone after a day.
    live: () =>
      all('Scan', {
        FilterExpression: 'isLive = :yes',
        ExpressionAttributeValues: { ':yes': { BOOL: true } },
      }),
    async write(row) {
      const condition =
        row.version === 1
          ? { ConditionExpression: 'attribute_not_exists(card)' }
          : {
              ConditionExpression: 'version = :before',
              ExpressionAttributeValues: { ':before': { N: String(row.version - 1) } },
            };
      const { __type: refusal, Item: there } = await ask('PutItem', {
        Item: itemOf(row),
        ...condition,
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      if (refusal === undefined) return true;
      // A try whose answer was lost may have written it.
      return there !== undefined && isSame(rowIn(there), row);
    },
  };
}

function isRefusal({ body }: SignedAnswer): boolean {
  return body.includes('ConditionalCheckFailedException');
}

function isPassing({ status, body }: SignedAnswer): boolean {
  return status >= 500 || /Throttl|ProvisionedThroughputExceeded|RequestLimitExceeded/.test(body);
}

function isSame(one: WatchRow, other: WatchRow): boolean {
  return one.version === other.version && one.state === other.state;
}

function itemOf({ card, task, version, isLive, state, expiresAt }: WatchRow): Item {
  return {
    card: { S: card },
    task: { S: task },
    version: { N: String(version) },
    isLive: { BOOL: isLive },
    state: { S: state },
    expiresAt: { N: String(expiresAt) },
  };
}

function rowIn(item: Item): WatchRow {
  const text = (name: string) => Object(item[name])['S'] ?? '';
  const number = (name: string) => Number(Object(item[name])['N']);
  return {
    card: text('card'),
    task: text('task'),
    version: number('version'),
    isLive: Object(item['isLive'])['BOOL'] === true,
    state: text('state'),
    expiresAt: number('expiresAt'),
  };
}
