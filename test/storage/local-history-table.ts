import { plainError } from '../../src/aws/aws-error-from.ts';
import type { PastRedrive } from '../../src/domain/history.ts';
import type { HistoryStore } from '../../src/operations/history.ts';
import type { Log } from '../../src/operations/log.ts';
import { createHistoryTable } from '../../src/storage/dynamodb/history-table.ts';
import { wireOf } from '../aws/wire-of.ts';

type Item = Record<string, { S?: string; N?: string }>;

/** The DynamoDB table of the history in memory, which counts the items that its queries read. It cannot be scanned. */
export function createLocalHistoryTable({ pageSize = 100 } = {}) {
  const queues = new Map<string, Map<number, Item>>();
  const inOrder = new Map<string, [number, Item][]>();
  const asked: string[] = [];
  let itemsRead = 0;
  const rowsOf = (item: Item) => queues.get(item['queue']?.S ?? '') ?? new Map<number, Item>();
  const find = (key: Item) => rowsOf(key).get(Number(key['startedAt']?.N));

  function put(item: Item, condition: string, before: string | undefined) {
    const found = find(item);
    const isAllowed = condition.startsWith('attribute_not_exists')
      ? found === undefined
      : found?.['state']?.S === before;
    if (!isAllowed) return refused('ConditionalCheckFailedException');
    add(item);
    return { status: 200, body: {} };
  }

  function add(item: Item): void {
    const queue = item['queue']?.S ?? '';
    queues.set(queue, rowsOf(item).set(Number(item['startedAt']?.N), item));
    inOrder.delete(queue);
  }

  /** The newest first. */
  function sorted(queue: string): [number, Item][] {
    const rows = inOrder.get(queue) ?? [...(queues.get(queue) ?? [])].sort(([a], [b]) => b - a);
    inOrder.set(queue, rows);
    return rows;
  }

  function query(queue: string, limit: number, after: number) {
    const all = sorted(queue);
    const from = after === Infinity ? 0 : all.findIndex(([at]) => at < after);
    const page = all.slice(from, from + Math.min(limit, pageSize));
    itemsRead += page.length;
    const last = page.at(-1)?.[1];
    const next = from + page.length < all.length &&
      last && { LastEvaluatedKey: { queue: last['queue'], startedAt: last['startedAt'] } };
    return { status: 200, body: { Items: page.map(([, item]) => item), ...next } };
  }

  return {
    queues,
    asked,
    /** As it is stored. */
    add: ({ queueArn, startedAt, ...rest }: PastRedrive) =>
      add({
        queue: { S: queueArn },
        startedAt: { N: String(startedAt) },
        state: { S: JSON.stringify({ queueArn, startedAt, ...rest }) },
      }),
    itemsRead: () => itemsRead,
    call(target: string, body: string): { status: number; body: object } {
      const operation = target.split('.')[1] ?? '';
      const given = JSON.parse(body);
      asked.push(operation);
      const values: Item = given.ExpressionAttributeValues ?? {};
      if (operation === 'GetItem') return { status: 200, body: { Item: find(given.Key) } };
      if (operation === 'PutItem') return put(given.Item, given.ConditionExpression, values[':before']?.S);
      const after = Number(given.ExclusiveStartKey?.startedAt.N ?? Infinity);
      if (operation === 'Query' && given.ScanIndexForward === false)
        return query(values[':queue']?.S ?? '', given.Limit ?? Infinity, after);
      return refused('AccessDeniedException');
    },
  };
}

function refused(name: string) {
  return { status: 400, body: { __type: `com.amazonaws.dynamodb.v20120810#${name}` } };
}

/** The real table adapter on it. */
export function historyIn(table: ReturnType<typeof createLocalHistoryTable>, log: Log): HistoryStore {
  const config = wireOf(({ headers, body }: { headers: Record<string, string>; body: string }) =>
    table.call(headers['x-amz-target'] ?? '', body),
  );
  return createHistoryTable({ config, table: 'history', plainError, log });
}
