import { noDecision, notify, updateCardIfChanged, withChanges } from './decision.ts';
import type { Decision } from './notification.ts';
import type { Watch } from './watch.ts';

/** Whoever joins is named once in the thread, so that Slack notifies them of what is said there later. */
export function join(watch: Watch, user: string, now: number): Decision {
  if (watch.phase === 'over' || watch.watchers.includes(user)) return noDecision(watch);
  const joined = withChanges(noDecision(watch), { watchers: [...watch.watchers, user] });
  if (watch.named.includes(user)) return updateCardIfChanged(joined, now);
  const named = withChanges(joined, { named: [...watch.named, user] });
  return updateCardIfChanged(notify(named, { kind: 'joined', user }, user), now);
}

/** The last one to leave ends the watch, without a notice; but not one that the channel follows. */
export function leave(watch: Watch, user: string, now: number): Decision {
  if (watch.phase === 'over' || !watch.watchers.includes(user)) return noDecision(watch);
  const watchers = watch.watchers.filter((watcher) => watcher !== user);
  const isOver = watchers.length === 0 && watch.followed === undefined;
  const left = withChanges(noDecision(watch), { watchers, ...(isOver && { phase: 'over' }) });
  return updateCardIfChanged(left, now);
}
