import { type Action, isOpen, nextDueAt } from '../../domain/actions/action.ts';
import { type ActionRun, callWithinMs } from '../../operations/actions/action-runs.ts';
import type { ActionDuties, Actions } from '../../operations/actions/actions.ts';
import type { Log } from '../../operations/log.ts';

export type ActionRunPorts = {
  /** Requested at each use, because secrets may have been renewed meanwhile. */
  duties: () => Promise<Pick<Actions, 'read'> & ActionDuties>;
  /** Whether a newer deployment has other rules than this version's settings. */
  rulesHaveChanged: () => Promise<boolean>;
  clock: () => number;
  log: Log;
};

/** What comes next. Lambda stores it between two rounds, so its names stay. */
export type NextRound = { kind: 'wait'; seconds: number } | { kind: 'hand-over' } | { kind: 'over' };

/** So that a click whose message Slack refused is shown soon, and a call that nobody made is noticed. */
const longestSeconds = 60;
const afterFailureSeconds = 30;
const inProgressSeconds = 5;
/** The run is begun before its action is stored; by then whoever wanted to store it has ended. */
const notStoredRounds = 30;

/** The work of one run, in pieces. None rejects, save the call. */
export function createActionRun({ action: id }: Pick<ActionRun, 'action'>, ports: ActionRunPorts) {
  const { clock, log } = ports;

  /** `rounds`: how many there were before. A run that was started just now (`isFresh`) has the newest settings. */
  async function round({ isFresh, rounds }: { isFresh: boolean; rounds: number }): Promise<NextRound> {
    try {
      if (!isFresh && (await ports.rulesHaveChanged())) return { kind: 'hand-over' };
      const duties = await ports.duties();
      const before = await duties.read(id);
      if (!before)
        return rounds < notStoredRounds ? { kind: 'wait', seconds: inProgressSeconds } : { kind: 'over' };
      await duties.recover(before);
      await duties.advance(id);
      await duties.settled();
      const after = await duties.read(id);
      return after ? nextOf(after, clock()) : { kind: 'over' };
    } catch (error) {
      log.error({ action: id, err: error }, 'unexpected error in an action; retrying');
      return { kind: 'wait', seconds: afterFailureSeconds };
    }
  }

  return {
    round,
    /** Makes the call, if it is announced and was decided just now. The caller makes sure that it runs at most once. */
    call: async (): Promise<void> => {
      const duties = await ports.duties();
      const action = await duties.read(id);
      if (action && clock() - (action.calledAt ?? 0) < callWithinMs) await duties.call(action);
    },
    /** The run that made the call has ended, or could not store the answer. */
    callLost: async (): Promise<void> => (await ports.duties()).callLost(id),
  };
}

function nextOf(action: Action, now: number): NextRound {
  const at = nextDueAt(action);
  if (at === undefined && !isOpen(action)) return { kind: 'over' };
  const isInProgress = action.state === 'starting' || action.state === 'cancelling';
  const seconds = Math.ceil(((at ?? Infinity) - now) / 1000);
  return {
    kind: 'wait',
    seconds: Math.min(Math.max(seconds, isInProgress ? inProgressSeconds : 1), longestSeconds),
  };
}
