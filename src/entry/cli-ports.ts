import type { CliPorts } from '../cli/command.ts';
import { behindProxy } from './process.ts';

/** The command line's ports. What stands behind each is loaded when it is asked for. */
export function createCliPorts({ clock }: { clock: () => number }): CliPorts {
  return {
    async moveTasks() {
      const { createMoveTasks } = await import('../aws/move-tasks.ts');
      return createMoveTasks({ clock });
    },
    async discovery() {
      const { createDiscovery } = await import('../aws/queue-directory.ts');
      return createDiscovery({ clock });
    },
    async awsProbe() {
      const { createAwsProbe } = await import('../aws/aws-probe.ts');
      return createAwsProbe({ clock });
    },
    async slackProbe(given) {
      const [{ createSlackProbe }, { boltLogger }, { createLog }] = await Promise.all([
        import('../slack/slack-probe.ts'),
        import('../slack/slack-client.ts'),
        import('./log.ts'),
      ]);
      const logger = boltLogger(createLog({ level: 'silent', secrets: [] }));
      return createSlackProbe({ ...given, logger, behindProxy, clock });
    },
    async folderProbe(folder) {
      const { examineDataFolder } = await import('../storage/sqlite/data-folder.ts');
      return examineDataFolder(folder);
    },
    behindProxy,
    async actionRecord(where) {
      if ('table' in where) return actionTable(where.table, clock);
      const { openActionRecord } = await import('../storage/sqlite/sqlite-action-store.ts');
      return openActionRecord(where.folder);
    },
    history: (where) => ('table' in where ? historyTable(where.table) : historyFolder(where.folder)),
    serve: () => import('./server.ts'),
  };
}

/** It only reads. */
async function actionTable(table: string, clock: () => number) {
  const [{ own, close }, { createDynamodbActionStore }] = await Promise.all([
    openAsItself(),
    import('../storage/dynamodb/dynamodb-action-store.ts'),
  ]);
  return { ...createDynamodbActionStore({ ...own, table, clock }), close };
}

async function historyTable(table: string) {
  const [{ own, close }, { createHistoryTable }] = await Promise.all([
    openAsItself(),
    import('../storage/dynamodb/history-table.ts'),
  ]);
  return { history: createHistoryTable({ ...own, table }), close };
}

async function openAsItself() {
  const [{ createConnections, defaultTimeouts }, { plainError }] = await Promise.all([
    import('../aws/connections.ts'),
    import('../aws/aws-error-from.ts'),
  ]);
  const { asItself, close } = createConnections(defaultTimeouts);
  return { own: { config: asItself, plainError }, close };
}

async function historyFolder(folder: string) {
  const [{ openHistory }, { openActionRecord }] = await Promise.all([
    import('../storage/sqlite/sqlite-history-store.ts'),
    import('../storage/sqlite/sqlite-action-store.ts'),
  ]);
  const [history, actions] = [openHistory(folder), openActionRecord(folder)];
  const close = () => {
    history?.close();
    actions?.close();
  };
  return { history: history ?? { list: async () => [] }, ...(actions && { actions }), close };
}
