import { change, showIfChanged, tellAlso, undecided } from './draft.ts';
import type { Decision } from './telling.ts';
import type { Watch } from './watch.ts';

/** Whoever joins is named once in the thread, so that Slack notifies them of what is said there later. */
export function join(watch: Watch, user: string, now: number): Decision {
  if (watch.phase === 'over' || watch.watchers.includes(user)) return undecided(watch);
  const joined = change(undecided(watch), { watchers: [...watch.watchers, user] });
  if (watch.named.includes(user)) return showIfChanged(joined, now);
  const named = change(joined, { named: [...watch.named, user] });
  return showIfChanged(tellAlso(named, { kind: 'joined', user }, user), now);
}

/** The last one to leave ends the watch, without a notice; but not one that the channel follows. */
export function leave(watch: Watch, user: string, now: number): Decision {
  if (watch.phase === 'over' || !watch.watchers.includes(user)) return undecided(watch);
  const watchers = watch.watchers.filter((watcher) => watcher !== user);
  const isOver = watchers.length === 0 && watch.followed === undefined;
  const left = change(undecided(watch), { watchers, ...(isOver && { phase: 'over' }) });
  return showIfChanged(left, now);
}
