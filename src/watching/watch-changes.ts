import { showIfChanged, undecided } from '../domain/watch/draft.ts';
import { endForbidden } from '../domain/watch/give-up.ts';
import {
  emptyOutbox,
  isPending,
  type KeptWatch,
  remember,
  silence,
  withoutJoin,
} from '../domain/watch/outbox.ts';
import type { Decision } from '../domain/watch/telling.ts';
import { type Followed, newWatch } from '../domain/watch/watch.ts';
import { join, leave } from '../domain/watch/watchers.ts';
import type { WatchForbidden } from '../operations/access.ts';
import type { Log } from '../operations/log.ts';
import type { WatchAnswer, WatchRequest, WatchView } from '../operations/watching/watches.ts';

/** What people do to a watch, whichever engine keeps it. */

export function begun({ queue, startedAt, card, user }: WatchRequest, id: string, now: number): KeptWatch {
  const watch = newWatch({ id, queueArn: queue.arn, startedAt, card, now });
  return withDecision({ watch, outbox: emptyOutbox }, join(watch, user, now), now);
}

/** The same object when nothing changes. */
export function withWatcher(
  kept: KeptWatch,
  user: string,
  now: number,
): { kept: KeptWatch; kind: WatchAnswer['kind'] } {
  const { watch } = kept;
  if (watch.watchers.includes(user)) return { kept, kind: 'already' };
  const kind = watch.phase === 'running' ? 'joined' : 'joined-after-end';
  return { kept: withDecision(kept, join(watch, user, now), now), kind };
}

export function withoutWatcher(kept: KeptWatch, user: string, now: number): KeptWatch {
  const { watch, outbox } = withDecision(kept, leave(kept.watch, user, now), now);
  const quieter = withoutJoin(outbox, user);
  return { watch, outbox: watch.phase === 'over' ? silence(quieter) : quieter };
}

/** The settings no longer allow it: the last edit of its card is all that is left to tell. */
export function forbidden(kept: KeptWatch, now: number): KeptWatch {
  if (kept.watch.forbidden) return kept;
  const { watch, outbox } = withDecision(kept, endForbidden(kept.watch, now), now);
  return { watch, outbox: { ...outbox, notices: [] } };
}

/** `before`: as it was, with what is now never told. */
export function logForbidden(log: Log, { watch, outbox }: KeptWatch, why: WatchForbidden): void {
  const { id, queueArn, card, watchers } = watch;
  const dropped = outbox.notices.filter(isPending).length;
  const facts = { watch: id, queue: queueArn, channel: card.channel, watchers, dropped, why };
  log.warn(facts, 'a watch ends: the settings no longer allow it');
}

/** From now on the channel follows the task, or more is known of it: the card says so. */
export function withFollowed(kept: KeptWatch, followed: Followed, now: number): KeptWatch {
  if (kept.watch.forbidden) return kept;
  return withDecision(kept, showIfChanged(undecided({ ...kept.watch, followed }), now), now);
}

function withDecision(kept: KeptWatch, { watch, tell }: Decision, now: number): KeptWatch {
  return { watch, outbox: remember(kept.outbox, tell, now) };
}

export function viewOf({ watch }: KeptWatch): WatchView {
  const { queueArn, startedAt, card, watchers, phase, seen, followed } = watch;
  return {
    queueArn,
    startedAt,
    card,
    watchers,
    phase,
    ...(seen && { seen }),
    ...(followed && { followed }),
  };
}
