import { type Queue, unlistedQueue } from '../../domain/queue.ts';
import { startOfTask } from '../../operations/actions/started-here.ts';
import type { Announcer } from '../../operations/following/announce-pending.ts';
import type { NotificationDelivery, Notifier } from '../../operations/watching/notifier.ts';
import { correctNotification, type EditDeps, updateCard } from './edit.ts';
import { createPaced, createPacer, createPacersByChannel } from './pacer.ts';
import { postDirect, postNotification } from './post-notification.ts';
import { createSlackAnnouncer } from './slack-announcer.ts';

/** `client`: one of its own, so that its posts never delay an answer to a person. */
export type SlackNotifierDeps = Omit<EditDeps, 'queueNamed' | 'paced' | 'edits'> & {
  queueOf: (arn: string) => Queue | undefined;
  clock: () => number;
};

/** Slack allows 50 chat.update calls per minute and workspace: five at once and 45 a minute stay below that. */
const editEveryMs = 60_000 / 45;
const editBurst = 5;

/**
 * Delivers the notifications of watches and announces redrives that were started elsewhere, once and within
 * Slack's limits.
 */
export function createSlackNotifier(deps: SlackNotifierDeps): Notifier & Announcer {
  const shared = {
    ...deps,
    /** The last edit of a card may be for a queue that is no longer in the settings. */
    queueNamed: (arn: string) => deps.queueOf(arn) ?? unlistedQueue(arn),
    edits: createPacer({ everyMs: editEveryMs, burst: editBurst }),
    posts: createPacersByChannel(),
    paced: createPaced(deps.clock),
  };
  const withStart = async ({ queueArn, startedAt }: NotificationDelivery) => ({
    ...shared,
    startedHere: await startOfTask(queueArn, startedAt, deps.startsOf),
  });
  return {
    ...createSlackAnnouncer(shared),
    notify: async (what) => {
      switch (what.kind) {
        case 'card':
          return updateCard(what, shared);
        case 'notification':
          return postNotification(what, await withStart(what));
        case 'direct':
          return postDirect(what, await withStart(what));
        case 'correction':
          return correctNotification(what, shared);
      }
    },
  };
}
