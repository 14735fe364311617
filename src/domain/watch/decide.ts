import { isFinished } from '../move-task.ts';
import { afterTheEnd, atTheEnd } from './after-the-end.ts';
import { change, showIfChanged, undecided } from './draft.ts';
import { nothingSeen } from './nothing-seen.ts';
import { taskAbsent } from './task-absent.ts';
import { taskRuns } from './task-runs.ts';
import type { Decision } from './telling.ts';
import type { Turn } from './turn.ts';

/** What to tell after a look, and when to look again. The new watch is committed before anything is told. */
export function decide(turn: Turn): Decision {
  const { watch, sighting, now } = turn;
  if (watch.phase === 'over') return undecided(watch);
  // Another watch's look was shared: it costs this one nothing, and after the end it is too early to mean anything.
  const isDue = now >= watch.nextLookAt;
  if (!isDue && watch.phase !== 'running') return undecided(watch);
  const counted = undecided({ ...watch, looks: watch.looks + (isDue ? sighting.calls : 0) });
  return showIfChanged(decideByPhase(counted, turn), now);
}

function decideByPhase(decision: Decision, turn: Turn): Decision {
  const { sighting } = turn;
  if (decision.watch.phase !== 'running') return afterTheEnd(decision, turn);
  if (sighting.kind === 'not-seen') return nothingSeen(decision, { ...turn, sighting });
  const listed = change(decision, { position: sighting.position, newer: sighting.newer });
  if (sighting.kind === 'absent') return taskAbsent(listed, turn);
  return isFinished(sighting.task)
    ? atTheEnd(listed, { ...turn, sighting })
    : taskRuns(listed, { ...turn, sighting });
}
