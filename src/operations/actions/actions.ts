import type { Action } from '../../domain/actions/action.ts';
import { isOverdue } from '../../domain/actions/poll.ts';
import { actionWithTimesClamped } from '../../domain/clamp-times.ts';
import type { LocalActionStore } from './action-store.ts';
import { advanceAction, recoverAction } from './advance.ts';
import { makeCall } from './call.ts';
import { changeAction, rewriteAction } from './change-action.ts';
import { checkStart, type StartChecks } from './check-start.ts';
import { approve, type Decision, type DecisionAnswer, decline, withdraw } from './decide.ts';
import { checkItsMessage } from './deliver.ts';
import { createInProgress } from './in-progress.ts';
import type { ActionPorts } from './ports.ts';
import {
  type AskedToCancel,
  type AskedToStart,
  type CancelAnswer,
  cancelRedrive,
  type RequestAnswer,
  refusalToRequest,
  requestStart,
} from './request.ts';
import type { ActionRefusal } from './who-may-act.ts';

type FormAnswer =
  | { kind: 'refused'; refusal: ActionRefusal }
  /** `id`: of the one action that this form can create. */
  | { kind: 'form'; found: StartChecks; id: string };

/** What Slack can do with actions. A throw is a bug, or StoreUnusable. */
export type Actions = Pick<ActionPorts['store'], 'read' | 'startOf' | 'list'> & {
  /** What the form shows: whether this person is allowed, and all checks. */
  form(asked: Omit<AskedToStart, 'form' | 'id'>): Promise<FormAnswer>;
  request(asked: AskedToStart): Promise<RequestAnswer>;
  approve(decision: Decision & { confirms?: number }): Promise<DecisionAnswer>;
  decline(decision: Decision): Promise<DecisionAnswer>;
  withdraw(decision: Decision): Promise<DecisionAnswer>;
  cancel(asked: AskedToCancel): Promise<CancelAnswer>;
};

/** What an engine drives. */
export type ActionDuties = {
  /** For an open action, before anything else, by an engine that has just started. */
  recover(action: Action): Promise<void>;
  advance(id: string): Promise<void>;
  /** Makes its one call. The caller makes sure that it is made at most once. */
  call(action: Action): Promise<void>;
  /** No one can tell what happened to its call. */
  callLost(id: string): Promise<void>;
  /** Resolves when no call is in progress. */
  settled(): Promise<void>;
};

/** `changed`: called when something may be due. */
export function createActions(
  ports: ActionPorts,
  changed: () => void = () => undefined,
): Actions & ActionDuties {
  const { read, startOf, list } = ports.store;
  const deps = { ...ports, pending: createInProgress(ports.log) };

  /**
   * Decisions and the results of their calls are delivered at once; the engine is woken for everything later, and if
   * nothing can be stored, to test that again.
   */
  async function waking<T extends { kind: string; action?: Action; called?: Promise<void> }>(
    work: Promise<T>,
  ): Promise<T> {
    const answer = await work.catch((error: unknown) => {
      changed();
      throw error;
    });
    const { action, called } = answer;
    show(action);
    if (called !== undefined) void deps.pending.inBackground(called.then(() => show(action)));
    return answer;
  }

  function show(action: Action | undefined): void {
    const shown = action ? advanceAction(action.id, deps) : Promise.resolve();
    void deps.pending.inBackground(shown.finally(changed));
  }

  return {
    ...{ read, startOf, list },
    form: async (asked) => {
      const refusal = await refusalToRequest(asked, deps);
      if (refusal) return { kind: 'refused', refusal };
      const found = await checkStart(asked.queue, {}, deps);
      if (found.open) {
        await checkItsMessage(found.open, deps);
        show(found.open);
      }
      return { kind: 'form', found, id: deps.newId() };
    },
    request: (asked) => waking(requestStart(asked, deps)),
    approve: (decision) => waking(approve(decision, deps)),
    decline: (decision) => waking(decline(decision, deps)),
    withdraw: (decision) => waking(withdraw(decision, deps)),
    cancel: (asked) => waking(cancelRedrive(asked, deps)),
    recover: (action) => recoverAction(action, deps),
    advance: (id) => advanceAction(id, deps),
    call: async (action) => {
      if (action.state === 'starting' || action.state === 'cancelling') await makeCall(action, deps);
    },
    callLost: async (id) => void (await changeAction(id, { kind: 'answer-lost' }, deps)),
    settled: () => deps.pending.settled(),
  };
}

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
