import type { RedriveRules } from '../domain/actions/redrive-settings.ts';
import type { Role } from '../domain/role.ts';
import { ratesOf } from './redrive-schema.ts';
import type { SettingsFile } from './settings-schema.ts';

type Entry = SettingsFile['queues'][string];

/** What may be done to a queue; nothing where no section, no role or its own `off` allows it. */
export function redriveRulesOf(
  { redrive: general }: SettingsFile,
  { redrive: own, channels = [] }: Entry,
  role: Role | undefined,
): RedriveRules | undefined {
  if (!general || !role || own === 'off') return undefined;
  const approvers = own?.approvers ?? general.approvers;
  const { channel } = general;
  // A queue that is bound to other channels stays out of this one: its requests stay where they are asked.
  const isSeenThere = channel !== undefined && (channels.length === 0 || channels.includes(channel));
  return {
    role,
    requesters: own?.requesters ?? general.requesters,
    ...(approvers && { approvers }),
    messagesPerSecond: ratesOf(own?.messagesPerSecond ?? general.messagesPerSecond),
    expireAfterMinutes: general.expireAfterMinutes,
    ...(isSeenThere && { channel }),
    destinations: own?.destinations ?? [],
  };
}
