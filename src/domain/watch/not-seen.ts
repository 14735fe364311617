import {
  type DecisionInput,
  type InputOf,
  noDecision,
  notify,
  notifyOnce,
  updateCardIfChanged,
  withChanges,
} from './decision.ts';
import type { Decision, GaveUpBecause } from './notification.ts';
import {
  cannotPollAfter,
  deadlineOf,
  delayWhileAbsent,
  delayWhileFailing,
  nextPollAfter,
  pollsAreSpent,
} from './poll-delay.ts';
import type { FailedPolls, Watch } from './watch.ts';

/** Otherwise a watch with intermittent failures would fill the thread. */
const mostCannotPollSaid = 3;

/** The poll failed: retry with growing delays, and say so after five minutes. */
export function pollFailed(decision: Decision, input: InputOf<'error'>): Decision {
  const { observation, now, settings, random } = input;
  const { cannotPoll, pollsWithoutTask } = decision.watch;
  const longer: FailedPolls = {
    since: cannotPoll?.since ?? observation.at,
    polls: (cannotPoll?.polls ?? 0) + 1,
    awsError: observation.awsError,
    said: cannotPoll?.said ?? false,
  };
  const noted = sayCannotPoll(
    withChanges(decision, { cannotPoll: longer, pollsWithoutTask: pollsWithoutTask + 1 }),
    longer,
    now,
  );
  const delay = delayWhileFailing(noted.watch, now, settings, random);
  const next = withChanges(noted, { nextPollAt: nextPollAfter(noted.watch, now, delay) });
  return giveUpIfHopeless(next, now);
}

function sayCannotPoll(decision: Decision, cannotPoll: FailedPolls, now: number): Decision {
  const ordinal = decision.watch.cannotPollSaid + 1;
  if (cannotPoll.said || now - cannotPoll.since < cannotPollAfter || ordinal > mostCannotPollSaid)
    return decision;
  const notification = {
    kind: 'cannot-see' as const,
    awsError: cannotPoll.awsError,
    forMs: now - cannotPoll.since,
  };
  return withChanges(notify(decision, notification, ordinal), {
    cannotPoll: { ...cannotPoll, said: true },
    cannotPollSaid: ordinal,
  });
}

/** SQS answered again. `quietly`: the next notification makes that obvious anyway. */
export function pollsWorkAgain(decision: Decision, now: number, quietly = false): Decision {
  const { cannotPoll, cannotPollSaid } = decision.watch;
  if (!cannotPoll) return decision;
  const notification = { kind: 'can-see-again' as const, forMs: Math.max(0, now - cannotPoll.since) };
  const next = cannotPoll.said && !quietly ? notify(decision, notification, cannotPollSaid) : decision;
  return withChanges(next, { cannotPoll: undefined });
}

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

const absencesUntilSaid = 3;

/** SQS answered without the task. It may come back, so the watch keeps polling with growing delays. */
export function taskAbsent(decision: Decision, { now, settings }: DecisionInput): Decision {
  const { watch } = decision;
  const noted = withChanges(pollsWorkAgain(decision, now), {
    absences: watch.absences + 1,
    pollsWithoutTask: watch.pollsWithoutTask + 1,
  });
  const said =
    noted.watch.absences < absencesUntilSaid
      ? noted
      : notifyOnce(noted, {
          kind: 'not-listed',
          ...(watch.seen && { lastSeen: watch.seen }),
          ...(watch.newer && { newer: watch.newer }),
        });
  const delay = delayWhileAbsent(said.watch, now, settings);
  const next = withChanges(said, { nextPollAt: nextPollAfter(said.watch, now, delay) });
  return giveUpIfHopeless(next, now);
}
