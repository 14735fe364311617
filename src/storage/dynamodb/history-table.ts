import type { PastRedrive } from '../../domain/history.ts';
import type { HistoryStore } from '../../operations/history.ts';
import { changedRedrive, redriveIn } from '../stored-redrive.ts';
import { openTable, type TableParts } from './open-table.ts';

/** Each write that loses to another one is tried again from the newest state. */
const mostTries = 10;

/** The history in a DynamoDB table of its own with the key `queue`, `startedAt`, so that nothing else reads its rows. */
export function createHistoryTable(parts: TableParts): HistoryStore {
  const table = openTable(parts);

  /** False: another writer came first. */
  async function recorded(redrive: PastRedrive): Promise<boolean> {
    const key = { queue: redrive.queueArn, startedAt: redrive.startedAt };
    const found = await table.get(key);
    const before = found?.['state'];
    const state = changedRedrive(before, redrive);
    if (state === undefined) return true;
    const condition =
      before === undefined
        ? { ConditionExpression: 'attribute_not_exists(queue)' }
        : {
            ConditionExpression: '#state = :before',
            ExpressionAttributeNames: { '#state': 'state' },
            ExpressionAttributeValues: { ':before': before },
          };
    const there = await table.put({ Item: { ...found, ...key, state }, ...condition });
    return there === undefined;
  }

  return {
    async record(redrive) {
      for (let tries = 0; tries < mostTries; tries += 1) if (await recorded(redrive)) return;
      throw new Error(`Too many concurrent writes to the history of ${redrive.queueArn}.`);
    },
    async list({ queueArn, atMost }) {
      const newestFirst = {
        KeyConditionExpression: 'queue = :queue',
        ExpressionAttributeValues: { ':queue': queueArn },
        ScanIndexForward: false,
      };
      const found: PastRedrive[] = [];
      for await (const { state } of table.query(newestFirst, Math.min(atMost, 1_000))) {
        found.push(...redriveIn(state, queueArn, parts.log));
        if (found.length >= atMost) break;
      }
      return found;
    },
  };
}
