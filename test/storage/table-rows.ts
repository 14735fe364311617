import { plainError } from '../../src/aws/aws-error-from.ts';
import { createWatchTable, type WatchRows } from '../../src/storage/dynamodb/watch-table.ts';
import { wireOf } from '../aws/wire-of.ts';
import type { createLocalTable } from './local-table.ts';

/** The real table adapter on a table in memory. */
export function rowsOf(table: ReturnType<typeof createLocalTable>): WatchRows {
  const answer = ({ headers, body }: { headers: Record<string, string>; body: string }) =>
    table.call(headers['x-amz-target'] ?? '', body);
  return createWatchTable({ config: wireOf(answer), table: 'watches', plainError });
}
