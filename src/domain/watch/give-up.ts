import { noDecision, notify, updateCardIfChanged, withChanges } from './decision.ts';
import type { Decision, GaveUpBecause } from './notification.ts';
import { deadlineOf, pollsAreSpent } from './poll-delay.ts';
import type { Watch } from './watch.ts';

const dayMs = 24 * 60 * 60_000;
/** After a long suspension of the process the first poll may fail by chance: give up only after several failures. */
const fewestPollsWithoutTask = 5;

/** For a poll that did not see the task. */
export function giveUpIfHopeless(decision: Decision, now: number): Decision {
  const { watch } = decision;
  const late = now >= deadlineOf(watch);
  if (late && pollsAreSpent(watch)) return giveUp(decision, 'two-days-since-start');
  if (watch.pollsWithoutTask < fewestPollsWithoutTask || isOurClockWrong(watch)) return decision;
  if (late) return giveUp(decision, 'two-days-since-start');
  const unseenSince = watch.seen?.at ?? watch.createdAt;
  return now - unseenSince >= dayMs ? giveUp(decision, 'not-seen-for-a-day') : decision;
}

/** AWS says that our clock is wrong: then it is not known for how long nothing has been seen. */
function isOurClockWrong({ cannotPoll }: Watch): boolean {
  return cannotPoll?.awsError.kind === 'clock-skewed';
}

export function giveUp(decision: Decision, because: GaveUpBecause): Decision {
  const { seen, cannotPoll } = decision.watch;
  const said = notify(decision, {
    kind: 'gave-up',
    because,
    ...(seen && { lastSeen: seen }),
    ...(cannotPoll && { awsError: cannotPoll.awsError }),
  });
  return withChanges(said, { phase: 'over' });
}

/** The settings no longer allow it: the card says so, but not the thread. */
export function endForbidden(watch: Watch, now: number): Decision {
  return updateCardIfChanged(withChanges(noDecision(watch), { phase: 'over', forbidden: true }), now);
}
