import type { Action } from '../../domain/actions/action.ts';
import type { ActionRuns, StartActionRun } from '../../operations/actions/ports.ts';

/** Longer than a process of Lambda may live; a call is made within its first minute (`callWithinMs`). */
const holdMs = 150_000;
export const callWithinMs = 60_000;
const answerTries = 40;

export function createActionRuns(
  { start, read }: { start: StartActionRun; read: (id: string) => Promise<Action | undefined> },
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
