import type { WebClient } from '@slack/web-api';
import type { GroupMembers } from '../operations/access.ts';

const keptForMs = 5 * 60_000;

/** Asks Slack who is in a group, at most every five minutes. A failed look-up is not kept. */
export function slackGroupMembers(client: WebClient, clock: () => number): GroupMembers {
  const kept = new Map<string, { until: number; members: Promise<readonly string[]> }>();

  async function lookUp(groupId: string): Promise<readonly string[]> {
    const { users } = await client.usergroups.users.list({ usergroup: groupId });
    return users ?? [];
  }

  return (groupId) => {
    const known = kept.get(groupId);
    if (known && clock() < known.until) return known.members;
    const members = lookUp(groupId);
    const entry = { until: clock() + keptForMs, members };
    kept.set(groupId, entry);
    members.catch(() => kept.get(groupId) === entry && kept.delete(groupId));
    return members;
  };
}
