import { notifyOnce, withChanges } from './decision.ts';
import type { DecisionInput } from './decision-input.ts';
import { giveUpIfHopeless } from './give-up.ts';
import type { Decision } from './notification.ts';
import { delayWhileAbsent, nextPollAfter } from './poll-delay.ts';
import { pollsWorkAgain } from './poll-failed.ts';

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
