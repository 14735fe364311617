import { change, tellOnce } from './draft.ts';
import { giveUpIfHopeless } from './give-up.ts';
import { seeingAgain } from './nothing-seen.ts';
import { delayWhileAbsent, nextLookAfter } from './pace.ts';
import type { Decision } from './telling.ts';
import type { Turn } from './turn.ts';

const absencesUntilSaid = 3;

/** SQS answered without the task. It may come back, so the watch looks on, more and more slowly. */
export function taskAbsent(decision: Decision, { now, settings }: Turn): Decision {
  const { watch } = decision;
  const noted = change(seeingAgain(decision, now), {
    absences: watch.absences + 1,
    unseenLooks: watch.unseenLooks + 1,
  });
  const said =
    noted.watch.absences < absencesUntilSaid
      ? noted
      : tellOnce(noted, {
          kind: 'not-listed',
          ...(watch.seen && { lastSeen: watch.seen }),
          ...(watch.newer && { newer: watch.newer }),
        });
  const delay = delayWhileAbsent(said.watch, now, settings);
  const next = change(said, { nextLookAt: nextLookAfter(said.watch, now, delay) });
  return giveUpIfHopeless(next, now);
}
