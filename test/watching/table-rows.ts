import { createSignedCall } from '../../src/aws/signed-call.ts';
import { createWatchTable } from '../../src/aws/watch-table.ts';
import type { WatchRows } from '../../src/operations/watching/watch-rows.ts';
import type { createLocalTable } from './local-table.ts';

const place = { region: 'eu-west-1', credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' } };

/** The real table adapter on a table in memory. */
export function rowsOf(table: ReturnType<typeof createLocalTable>): WatchRows {
  const call = createSignedCall(place, async (_url, { headers, body = '' }) => {
    const answer = table.call(headers['x-amz-target'] ?? '', body);
    if (answer === 'broken line') throw new TypeError('fetch failed');
    return new Response(JSON.stringify(answer.body), { status: answer.status });
  });
  return createWatchTable(call, 'watches');
}
