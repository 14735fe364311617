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
    async actionRecord(folder) {
      const { openActionRecord } = await import('../storage/sqlite/read-actions.ts');
      return openActionRecord(folder);
    },
    serve: () => import('./server.ts'),
  };
}
