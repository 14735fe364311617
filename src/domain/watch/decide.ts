import { isFinished } from '../move-task.ts';
import { afterEnd, taskEnded } from './after-end.ts';
import { type DecisionInput, noDecision, notifyOnce, updateCardIfChanged, withChanges } from './decision.ts';
import { giveUpIfHopeless } from './give-up.ts';
import type { Decision } from './notification.ts';
import { delayWhileAbsent, nextPollAfter } from './poll-delay.ts';
import { pollFailed, pollsWorkAgain } from './poll-failed.ts';
import { taskRunning } from './task-running.ts';

/** What to deliver after a poll, and when to poll again. The new watch is committed before anything is delivered. */
export function decide(input: DecisionInput): Decision {
  const { watch, observation, now } = input;
  if (watch.phase === 'over') return noDecision(watch);
  // A poll shared from another watch costs this one nothing; after the end it is too early to mean anything.
  const isDue = now >= watch.nextPollAt;
  if (!isDue && watch.phase !== 'running') return noDecision(watch);
  const counted = noDecision({ ...watch, polls: watch.polls + (isDue ? observation.calls : 0) });
  return updateCardIfChanged(decideByPhase(counted, input), now);
}

function decideByPhase(decision: Decision, input: DecisionInput): Decision {
  const { observation } = input;
  if (decision.watch.phase !== 'running') return afterEnd(decision, input);
  if (observation.kind === 'error') return pollFailed(decision, { ...input, observation });
  const listed = withChanges(decision, { position: observation.position, newer: observation.newer });
  if (observation.kind === 'absent') return taskAbsent(listed, input);
  return isFinished(observation.task)
    ? taskEnded(listed, { ...input, observation })
    : taskRunning(listed, { ...input, observation });
}

const absencesUntilSaid = 3;

/** SQS answered without the task. It may come back, so the watch keeps polling with growing delays. */
function taskAbsent(decision: Decision, { now, settings }: DecisionInput): Decision {
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
