import { createRedrives } from '../aws/redrives.ts';
import type { RoleAccess } from '../aws/role-access.ts';
import type { Settings } from '../config/parse-settings.ts';
import type { ActionPorts } from '../operations/actions/ports.ts';
import type { ExpectEnd } from '../operations/expected-ends.ts';
import type { Watches } from '../operations/watching/watches.ts';
import { createActionNotifier } from '../slack/actions/action-notifier.ts';
import { groupMembersNow, membersOfPrivate } from '../slack/people.ts';
import { promptClient } from '../slack/slack-client.ts';
import type { Parts } from './parts.ts';

export type ActingGiven = {
  /** All of them: `parts` has none that act where the bot is read-only. */
  settings: Settings;
  readOnly: boolean;
  parts: Parts;
  aws: RoleAccess;
  watches: Pick<Watches, 'watch'>;
  expectEnd: ExpectEnd;
};

/** What actions need beside where they are stored, in one process and on Lambda. */
export function actingPorts(given: ActingGiven): Omit<ActionPorts, 'store' | 'newId' | 'random' | 'runs'> {
  const { settings, readOnly, aws, watches, expectEnd } = given;
  const { connection, identity, moveTasks, clock, log } = given.parts;
  const queueOf = (arn: string) => settings.queues.find((queue) => queue.arn === arn);
  const client = promptClient(connection);
  return {
    ...{ readOnly, queueOf, moveTasks, expectEnd, clock, log },
    redrives: createRedrives(aws),
    notifier: createActionNotifier({
      ...{ client, identity, queueOf, watches, log },
      channels: settings.access.channels,
    }),
    membersOf: groupMembersNow(client),
    membersOfPrivate: membersOfPrivate(client, log),
    access: settings.access,
  };
}
