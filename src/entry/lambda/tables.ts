/**
 * The tables that a card does not need. They are loaded as one: each more thing that is loaded by itself splits what is
 * loaded at the start into more files.
 */
export { createDynamodbActionStore } from '../../storage/dynamodb/dynamodb-action-store.ts';
export { createDynamodbWatches } from '../../storage/dynamodb/dynamodb-watches.ts';
export { createHistoryTable } from '../../storage/dynamodb/history-table.ts';
export { createRulesRow } from '../../storage/dynamodb/rules-row.ts';
