import { isOverdue } from '../../domain/actions/poll.ts';
import { actionWithTimesClamped } from '../../domain/clamp-times.ts';
import type { LocalActionStore } from './action-store.ts';
import { type ActionDuties, type Actions, createActions } from './actions.ts';
import { rewriteAction } from './change-action.ts';
import { checkItsMessage } from './deliver.ts';
import type { ActionPorts } from './ports.ts';

/** What the engine of one process drives: it looks for what is due among all actions. */
export type LocalActionDuties = Omit<ActionDuties, 'recover'> & {
  /** Call once, before anything else. */
  recover(): Promise<void>;
  due(): Promise<string[]>;
  nextDue(): Promise<number | undefined>;
};

export type LocalActionPorts = ActionPorts & { store: LocalActionStore };

/** `changed`: called when something may be due. */
export function createLocalActions(
  ports: LocalActionPorts,
  changed?: () => void,
): Actions & LocalActionDuties {
  const { store, clock } = ports;
  const actions = createActions(ports, changed);
  return {
    ...actions,
    recover: async () => {
      await clampTimes(ports);
      for (const action of await store.open()) {
        await actions.recover(action);
        // Its message may name people who no longer approve.
        await checkItsMessage(action, ports);
      }
    },
    due: async () => {
      const now = clock();
      const overdue = (await store.open()).filter((action) => isOverdue(action, now));
      return [...new Set([...(await store.due(now)), ...overdue.map(({ id }) => id)])];
    },
    nextDue: () => store.nextDue(),
  };
}

/** Whatever is planned, also for what is over. */
async function clampTimes(ports: LocalActionPorts): Promise<void> {
  const now = ports.clock();
  for (const id of await ports.store.due(Number.MAX_SAFE_INTEGER)) {
    await rewriteAction(id, ports, (action) => {
      const brought = actionWithTimesClamped(action, now);
      return brought === action ? undefined : brought;
    });
  }
}
