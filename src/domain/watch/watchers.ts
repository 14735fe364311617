import { noDecision, notify, updateCardIfChanged, withChanges } from './decision.ts';
import type { Decision } from './notification.ts';
import type { Watch } from './watch.ts';

/** People who join are mentioned once in the thread, so that Slack notifies them of later replies. */
export function join(watch: Watch, user: string, now: number): Decision {
  if (watch.phase === 'over' || watch.watchers.includes(user)) return noDecision(watch);
  const joined = withChanges(noDecision(watch), { watchers: [...watch.watchers, user] });
  if (watch.named.includes(user)) return updateCardIfChanged(joined, now);
  const named = withChanges(joined, { named: [...watch.named, user] });
  return updateCardIfChanged(notify(named, { kind: 'joined', user }, user), now);
}

/** When the last watcher leaves, the watch ends without a notification, unless the channel follows the queue. */
export function leave(watch: Watch, user: string, now: number): Decision {
  if (watch.phase === 'over' || !watch.watchers.includes(user)) return noDecision(watch);
  const watchers = watch.watchers.filter((watcher) => watcher !== user);
  const isOver = watchers.length === 0 && watch.followed === undefined;
  const left = withChanges(noDecision(watch), { watchers, ...(isOver && { phase: 'over' }) });
  return updateCardIfChanged(left, now);
}
