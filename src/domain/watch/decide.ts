import { isFinished } from '../move-task.ts';
import { afterEnd, taskEnded } from './after-end.ts';
import { noDecision, updateCardIfChanged, withChanges } from './decision.ts';
import type { DecisionInput } from './decision-input.ts';
import type { Decision } from './notification.ts';
import { pollFailed } from './poll-failed.ts';
import { taskAbsent } from './task-absent.ts';
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
