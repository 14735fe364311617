import type { AccessRules } from '../domain/access-rules.ts';
import type { Queue } from '../domain/queue.ts';
import { type GroupMembers, refusalOf } from '../operations/access.ts';
import { findQueues } from '../operations/find-queues.ts';
import type { Log } from '../operations/log.ts';
import type { BotIdentity } from './bot-identity.ts';
import type { ResolveOrigin } from './people.ts';
import { clickRequest, type SlackRequest } from './request.ts';
import { queueOption, readPickerId, unknownHomeOption } from './views/queue-picker.ts';

export type SuggestDeps = {
  queues: readonly Queue[];
  access: AccessRules;
  membersOf: GroupMembers;
  resolveOrigin: ResolveOrigin;
  log: Log;
};

/** undefined if it has no user or channel. A search looks like a click, but its text is in another field. */
export function searchRequest(body: object, identity: BotIdentity): SlackRequest | undefined {
  const { action_id, value }: Record<string, unknown> = { ...body };
  return clickRequest({ ...body, actions: [{ action_id, value }] }, identity);
}

/** Slack's limit. */
const optionsAtMost = 100;

/** The queues to offer in a search, by the same rules as commands; none if anything is wrong. It never rejects. */
export async function suggestedQueues(search: SlackRequest, deps: SuggestDeps) {
  const { queues, access, membersOf, resolveOrigin, log } = deps;
  const { person, what, text } = await resolveOrigin(search);
  try {
    const picker = readPickerId(what);
    if (!picker) return [];
    const refusal = await refusalOf(person, access, membersOf);
    if (refusal) return refusal.reason === 'unknown-home' ? [unknownHomeOption()] : [];
    const found = findQueues({ ...picker, query: text, channelId: person.channelId }, queues, optionsAtMost);
    return found.map((queue) => queueOption(queue, picker.asked));
  } catch (error) {
    log.error({ user: person.userId, channel: person.channelId, error }, 'could not search for queues');
    return [];
  }
}
