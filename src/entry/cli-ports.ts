import type { CliPorts } from '../cli/ports.ts';
import { behindProxy } from './configuration.ts';

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
      const { openActionRecord } = await import('../storage/sqlite/action-store.ts');
      return openActionRecord(where.folder);
    },
    history: (where) => ('table' in where ? historyTable(where.table, clock) : historyFolder(where.folder)),
    serve: () => import('./server.ts'),
  };
}

/** It only reads. */
async function actionTable(table: string, clock: () => number) {
  const [{ createRoleAccess }, { plainError }, { createActionTable }, { dynamodbActionReads }] =
    await Promise.all([
      import('../aws/role-access.ts'),
      import('../aws/failure.ts'),
      import('../storage/dynamodb/action-table.ts'),
      import('../storage/dynamodb/dynamodb-action-store.ts'),
    ]);
  const { connections, stop } = createRoleAccess({ clock });
  const items = createActionTable({ config: connections.asItself, table, plainError });
  return { ...dynamodbActionReads({ items, clock }), close: stop };
}

async function historyFolder(folder: string) {
  const [{ openHistory }, { openActionRecord }] = await Promise.all([
    import('../storage/sqlite/history-file.ts'),
    import('../storage/sqlite/action-store.ts'),
  ]);
  const [history, actions] = [openHistory(folder), openActionRecord(folder)];
  const close = () => {
    history?.close();
    actions?.close();
  };
  return { history: history ?? { list: async () => [] }, ...(actions && { actions }), close };
}

async function historyTable(table: string, clock: () => number) {
  const [{ createRoleAccess }, { plainError }, { createHistoryTable }, { createLog }] = await Promise.all([
    import('../aws/role-access.ts'),
    import('../aws/failure.ts'),
    import('../storage/dynamodb/history-table.ts'),
    import('./log.ts'),
  ]);
  const { connections, stop } = createRoleAccess({ clock });
  const log = createLog({ level: 'silent', secrets: [] });
  const history = createHistoryTable({ config: connections.asItself, table, plainError, log });
  return { history, close: stop };
}
