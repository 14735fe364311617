/**
 * Tables that are loaded on first use, because most cards don't need them. They share one module: each additional
 * dynamic import would split the code that is loaded at the start into more files.
 */
export { createDynamodbActionStore } from '../../storage/dynamodb/dynamodb-action-store.ts';
export { createDynamodbWatches } from '../../storage/dynamodb/dynamodb-watches.ts';
export { createHistoryTable } from '../../storage/dynamodb/history-table.ts';
export { createRulesRow } from '../../storage/dynamodb/rules-row.ts';
