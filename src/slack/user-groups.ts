import type { WebClient } from '@slack/web-api';
import type { GroupMembers } from '../operations/access.ts';
import { createExpiring, lasting } from '../operations/expiring.ts';

const fiveMinutes = 5 * 60_000;
const anHour = 60 * 60_000;

/** Asks Slack who is in a group, at most every five minutes. While Slack cannot tell, what it said last counts for an hour. */
export function slackGroupMembers(client: WebClient, clock: () => number): GroupMembers {
  const members = createExpiring<readonly string[]>({ clock, lifeOf: lasting(fiveMinutes, anHour) });
  return (groupId) =>
    members.get(groupId, async () => {
      const { users } = await client.usergroups.users.list({ usergroup: groupId });
      return users ?? [];
    });
}
