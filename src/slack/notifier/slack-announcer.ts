import { type StartsOf, startOfTask } from '../../operations/actions/started-here.ts';
import { watchedCard } from '../../operations/answer.ts';
import type { Announcer, ToAnnounce } from '../../operations/following/announce-pending.ts';
import type { BotIdentity } from '../bot-identity.ts';
import { type CardOrder, shownBy } from '../card-order.ts';
import { cardView } from '../views/card.ts';
import { findInChannel } from './find-message.ts';
import { type PostOnceDeps, postOnce } from './post-once.ts';

/** The line and the limits are shared with the notifier's other posts. */
export type SlackAnnouncerDeps = PostOnceDeps & {
  identity: BotIdentity;
  cards: CardOrder;
  startsOf?: StartsOf;
};

/** Posts the cards of redrives that were started elsewhere, each once. */
export function createSlackAnnouncer(deps: SlackAnnouncerDeps): Announcer {
  return {
    async announce(what) {
      const { channel, seen, since } = what;
      const startedHere = await startOfTask(what.queue.arn, seen.task.startedAt, deps.startsOf);
      const result = await postOnce(what, deps, {
        channel,
        message: cardView({ ...cardOf(what), startedHere }),
        thread: {},
        isUrgent: true,
        find: (sought) => findInChannel(sought, { channel, sinceMs: since }, deps),
      });
      if (result.kind === 'delivered' && result.message && !result.found)
        deps.cards.note(result.message, shownBy(seen.at, seen.task));
      return result;
    },
  };
}

function cardOf({ queue, seen: { task, at, depth }, startedBy }: ToAnnounce) {
  const watch = {
    watchers: [],
    followed: {},
    ...(startedBy !== undefined && { startedBy }),
    notListed: false,
  };
  const seen = { task, seenAt: at, earlier: [], ...(depth !== undefined && { depth }) };
  return watchedCard({ ...watch, ...seen }, queue);
}
