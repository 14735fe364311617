type Value = { S?: string; N?: string; BOOL?: boolean };
type Item = Record<string, Value>;
type Asked = {
  Key?: Item;
  Item?: Item;
  ConditionExpression?: string;
  ExpressionAttributeValues?: Item;
  ExclusiveStartKey?: Item;
};

/** One DynamoDB table in memory: the four calls that the bot makes, each answered as DynamoDB answers. */
export function createLocalTable({ pageSize = 100 } = {}) {
  const items = new Map<string, Item>();
  const faults: ('throttled' | 'written but the line broke')[] = [];
  const keyOf = ({ card, task }: Item) => `${card?.S} ${task?.S}`;

  function put({ Item: item = {}, ConditionExpression, ExpressionAttributeValues }: Asked) {
    const before = items.get(keyOf(item));
    const isAllowed =
      ConditionExpression === 'attribute_not_exists(card)'
        ? before === undefined
        : before?.['version']?.N === ExpressionAttributeValues?.[':before']?.N;
    if (!isAllowed) return refused('ConditionalCheckFailedException', before);
    items.set(keyOf(item), item);
    return { status: 200, body: {} };
  }

  function pageOf(found: readonly Item[], { ExclusiveStartKey }: Asked) {
    const from = ExclusiveStartKey
      ? found.findIndex((one) => keyOf(one) === keyOf(ExclusiveStartKey)) + 1
      : 0;
    const page = found.slice(from, from + pageSize);
    const last = page.at(-1);
    const isMore = from + pageSize < found.length;
    return {
      status: 200,
      body: {
        Items: page,
        ...(isMore && { LastEvaluatedKey: { card: last?.['card'], task: last?.['task'] } }),
      },
    };
  }

  function answer(operation: string, asked: Asked) {
    const all = [...items.values()];
    switch (operation) {
      case 'GetItem': {
        const found = items.get(keyOf(asked.Key ?? {}));
        return { status: 200, body: found ? { Item: found } : {} };
      }
      case 'Query':
        return pageOf(
          all.filter(({ card }) => card?.S === asked.ExpressionAttributeValues?.[':card']?.S),
          asked,
        );
      case 'Scan':
        return pageOf(
          all.filter(({ isLive }) => isLive?.BOOL),
          asked,
        );
      case 'PutItem':
        return put(asked);
      default:
        return refused('UnknownOperationException');
    }
  }

  return {
    items,
    faults,
    /** `target`: the header that names the operation. */
    call(target: string, body: string): { status: number; body: object } | 'broken line' {
      const fault = faults.shift();
      if (fault === 'throttled') return refused('ThrottlingException');
      const given = answer(target.split('.')[1] ?? '', JSON.parse(body));
      return fault === undefined ? given : 'broken line';
    },
  };
}

function refused(name: string, item?: Item) {
  const body = { __type: `com.amazonaws.dynamodb.v20120810#${name}`, ...(item && { Item: item }) };
  return { status: 400, body };
}
