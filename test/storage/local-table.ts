type Value = { S?: string; N?: string; BOOL?: boolean };
type Item = Record<string, Value>;
type Put = {
  Item?: Item;
  ConditionExpression?: string;
  FilterExpression?: string;
  ExpressionAttributeValues?: Item;
};
type Asked = Put & {
  Key?: Item;
  ExclusiveStartKey?: Item;
  IndexName?: string;
  ScanIndexForward?: boolean;
  Limit?: number;
  TransactItems?: { Put: Put }[];
  ClientRequestToken?: string;
};
type Answer = { status: number; body: object };
type Fault = 'throttled' | 'written but the line broke' | 'in conflict' | 'forbidden';

const watchKeys = ['card', 'task'] as const;
export const actionKeys = ['queue', 'id'] as const;

/** One DynamoDB table in memory: the calls that the bot makes, each answered as DynamoDB answers. */
export function createLocalTable({
  pageSize = 100,
  keys: [hash, range] = watchKeys,
}: {
  pageSize?: number;
  keys?: readonly [string, string];
} = {}) {
  const items = new Map<string, Item>();
  /** Tokens of transactions that are done. */
  const tokens = new Set<string>();
  const faults: Fault[] = [];
  const keyOf = (item: Item) => `${item[hash]?.S} ${item[range]?.S}`;

  function isRefused({ Item: item = {}, ConditionExpression, ExpressionAttributeValues }: Put): boolean {
    const before = items.get(keyOf(item));
    if (ConditionExpression === undefined) return false;
    return ConditionExpression.startsWith('attribute_not_exists')
      ? before !== undefined
      : before?.['version']?.N !== ExpressionAttributeValues?.[':before']?.N;
  }

  function put(asked: Put): Answer {
    const { Item: item = {} } = asked;
    if (isRefused(asked)) return refused('ConditionalCheckFailedException', { Item: items.get(keyOf(item)) });
    items.set(keyOf(item), item);
    return { status: 200, body: {} };
  }

  function transact({ TransactItems = [], ClientRequestToken = '' }: Asked): Answer {
    if (tokens.has(ClientRequestToken)) return { status: 200, body: {} };
    const puts = TransactItems.map((one) => one.Put);
    const refusals = puts.map((one) => ({ Code: isRefused(one) ? 'ConditionalCheckFailed' : 'None' }));
    if (puts.some(isRefused))
      return refused('TransactionCanceledException', { CancellationReasons: refusals });
    if (new Set(puts.map((one) => keyOf(one.Item ?? {}))).size < puts.length)
      return refused('ValidationException');
    for (const { Item: item = {} } of puts) items.set(keyOf(item), item);
    tokens.add(ClientRequestToken);
    return { status: 200, body: {} };
  }

  function pageOf(found: readonly Item[], { ExclusiveStartKey, Limit = pageSize }: Asked): Answer {
    const size = Math.min(Limit, pageSize);
    const from = ExclusiveStartKey
      ? found.findIndex((one) => keyOf(one) === keyOf(ExclusiveStartKey)) + 1
      : 0;
    const page = found.slice(from, from + size);
    const last = page.at(-1);
    const isMore = from + size < found.length;
    return {
      status: 200,
      body: {
        Items: page,
        ...(isMore && { LastEvaluatedKey: { [hash]: last?.[hash], [range]: last?.[range] } }),
      },
    };
  }

  /** A partition of the table or of its index, in the order of the range key. */
  function query(asked: Asked): Answer {
    const { ExpressionAttributeValues: values = {}, IndexName, ScanIndexForward = true } = asked;
    const [, prefix] = Object.keys(values);
    const by = IndexName === undefined ? hash : 'listed';
    const found = [...items.values()]
      .filter((one) => one[by]?.S !== undefined && one[by].S === values[`:${by}`]?.S)
      .filter((one) => prefix === undefined || one[range]?.S?.startsWith(values[prefix]?.S ?? ''))
      .toSorted((one, other) => (String(one[range]?.S) < String(other[range]?.S) ? -1 : 1));
    return pageOf(ScanIndexForward ? found : found.toReversed(), asked);
  }

  function answer(operation: string, asked: Asked): Answer {
    switch (operation) {
      case 'GetItem': {
        const found = items.get(keyOf(asked.Key ?? {}));
        return { status: 200, body: found ? { Item: found } : {} };
      }
      case 'Query':
        return query(asked);
      case 'Scan':
        return pageOf(
          [...items.values()].filter(({ isLive }) => isLive?.BOOL || asked.FilterExpression === undefined),
          asked,
        );
      case 'PutItem':
        return put(asked);
      case 'TransactWriteItems':
        return transact(asked);
      default:
        return refused('UnknownOperationException');
    }
  }

  return {
    items,
    faults,
    /** `target`: the header that names the operation. */
    call(target: string, body: string): Answer | 'broken line' {
      const fault = faults.shift();
      if (fault === 'throttled') return refused('ThrottlingException');
      if (fault === 'forbidden') return refused('AccessDeniedException');
      if (fault === 'in conflict') {
        const CancellationReasons = [{ Code: 'TransactionConflict' }];
        return refused('TransactionCanceledException', { CancellationReasons });
      }
      const given = answer(target.split('.')[1] ?? '', JSON.parse(body));
      return fault === undefined ? given : 'broken line';
    },
  };
}

function refused(name: string, given: object = {}): Answer {
  return { status: 400, body: { __type: `com.amazonaws.dynamodb.v20120810#${name}`, ...given } };
}
