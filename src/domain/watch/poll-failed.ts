import { type DecisionInput, notify, withChanges } from './decision.ts';
import { giveUpIfHopeless } from './give-up.ts';
import type { Decision } from './notification.ts';
import type { Observation } from './observation.ts';
import { cannotPollAfter, delayWhileFailing, nextPollAfter } from './poll-delay.ts';
import type { FailedPolls } from './watch.ts';

/** Otherwise a watch with intermittent failures would fill the thread. */
const mostCannotPollSaid = 3;

type FailedPollInput = DecisionInput & { observation: Extract<Observation, { kind: 'error' }> };

/** The poll failed: retry with growing delays, and say so after five minutes. */
export function pollFailed(decision: Decision, input: FailedPollInput): Decision {
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
