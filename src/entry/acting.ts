import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createRedrives } from '../aws/redrives.ts';
import type { RoleAccess } from '../aws/role-access.ts';
import type { Environment } from '../config/environment.ts';
import type { Settings } from '../config/parse-settings.ts';
import { offersRedrives } from '../domain/queue.ts';
import type { StartOf } from '../operations/actions/started-here.ts';
import type { Metrics } from '../operations/metrics.ts';
import type { Watches } from '../operations/watching/watches.ts';
import { createActionNotifier } from '../slack/actions/action-notifier.ts';
import type { BotIdentity } from '../slack/bot-identity.ts';
import { groupMembersNow } from '../slack/people.ts';
import { promptClient } from '../slack/slack-client.ts';
import { linkToRequest } from '../slack/views/notification.ts';
import { actionFileName } from '../storage/sqlite/action-file.ts';
import { type LocalActions, openLocalActions } from './local-actions.ts';
import type { Parts } from './parts.ts';

type Given = {
  environment: Pick<Environment, 'dataFolder' | 'readOnly'>;
  settings: Settings;
  parts: Parts;
  aws: RoleAccess;
  watches: Pick<Watches, 'watch'>;
  metrics: Metrics;
};

/** Actions as far as the settings have any. What an earlier run has asked for is brought to its end in any case. */
export async function openActing({
  environment,
  settings,
  parts,
  aws,
  watches,
  metrics,
}: Given): Promise<LocalActions | undefined> {
  const { dataFolder, readOnly } = environment;
  const { connection, identity, moveTasks, clock, log } = parts;
  const queueOf = (arn: string) => settings.queues.find((queue) => queue.arn === arn);
  if (!offersRedrives(settings.queues) && !existsSync(join(dataFolder, actionFileName))) return undefined;
  const client = promptClient(connection);
  return openLocalActions({
    ...{ dataFolder, readOnly, queueOf, moveTasks, clock, log, metrics },
    redrives: createRedrives(aws),
    notifier: createActionNotifier({ client, identity, queueOf, watches, log }),
    membersOf: groupMembersNow(client),
    access: settings.access,
  });
}

/** What is asked of actions by those that are made before them. */
export function askedLater({ workspaceUrl }: Pick<BotIdentity, 'workspaceUrl'>) {
  let actions: LocalActions | undefined;
  const startOf: StartOf = async (queueArn, startedAt, shownOn) => {
    const start = await actions?.startOf(queueArn, startedAt).catch(() => undefined);
    return start && { ...start, ...linkToRequest(start, workspaceUrl, shownOn) };
  };
  return {
    startOf,
    isStartingHere: async (queueArn: string) =>
      (await actions?.isStarting(queueArn).catch(() => true)) ?? false,
    are: (opened: LocalActions | undefined) => {
      actions = opened;
    },
  };
}
