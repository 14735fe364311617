import type { Action } from '../../domain/actions/action.ts';

/** `run`: 0 is begun for an action before it is stored, 1 makes its call; a run that hands over goes on as `run` + 2. */
export type ActionRun = { action: string; run: number };
/** Resolves once the run is certain to start. The same run starts only once. */
export type StartActionRun = (run: ActionRun) => Promise<void>;

/** Port: where many processes act, each action is driven by runs of its own, which outlive the process that asked. */
export type ActionRuns = {
  /** Before the action is stored, so that none is left without a run. */
  begin(id: string): Promise<void>;
  /** Its call is committed, and a run makes it once. For a cancel it resolves after the answer, if that comes soon. */
  call(action: Action): Promise<void>;
  /** For how long another process may still be at work on what it began, in milliseconds. */
  holdMs: number;
};

type Ports = { start: StartActionRun; read: (id: string) => Promise<Action | undefined> };

/** Longer than a process of Lambda may live; a call is made within its first minute (`callWithinMs`). */
const holdMs = 150_000;
export const callWithinMs = 60_000;
const answerTries = 40;

export function createActionRuns(
  { start, read }: Ports,
  pause: (ms: number) => Promise<unknown>,
): ActionRuns {
  /** People who cancel look at a card, which no run updates. */
  async function cancelled({ id }: Action): Promise<void> {
    for (let tries = 0; tries < answerTries; tries += 1) {
      await pause(250);
      if ((await read(id))?.state !== 'cancelling') return;
    }
  }
  return {
    holdMs,
    begin: (action) => start({ action, run: 0 }),
    call: async (action) => {
      await start({ action: action.id, run: 1 });
      if (action.kind === 'cancel') await cancelled(action);
    },
  };
}
