import type { AccessRules } from '../domain/access-rules.ts';
import type { Queue } from '../domain/queue.ts';
import { type GroupMembers, refusalOf } from '../operations/access.ts';
import { findQueues } from '../operations/find-queues.ts';
import type { Log } from '../operations/log.ts';
import type { SlackRequest } from './request.ts';
import { queueOption, readPickerId } from './views/queue-picker.ts';

export type SuggestDeps = {
  queues: readonly Queue[];
  access: AccessRules;
  membersOf: GroupMembers;
  log: Log;
};

/** Slack takes no more options. */
const optionsAtMost = 100;

/** The queues to offer to somebody who searches, by the rules that hold for commands; none when anything is wrong. It never rejects. */
export async function suggestedQueues({ asker, what, text }: SlackRequest, deps: SuggestDeps) {
  const { queues, access, membersOf, log } = deps;
  try {
    const picker = readPickerId(what);
    if (!picker || (await refusalOf(asker, access, membersOf))) return [];
    const found = findQueues({ ...picker, query: text, channelId: asker.channelId }, queues, optionsAtMost);
    return found.map((queue) => queueOption(queue, picker.asked));
  } catch (error) {
    log.error({ user: asker.userId, channel: asker.channelId, error }, 'a search could not be answered');
    return [];
  }
}
