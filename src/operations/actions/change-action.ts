import type { Action } from '../../domain/actions/action.ts';
import type { ActionEvent, Ignored } from '../../domain/actions/events.ts';
import { isOpen } from '../../domain/actions/lifecycle.ts';
import { transition } from '../../domain/actions/transition.ts';
import type { Log } from '../log.ts';
import { type ActionStore, isRecorded } from './action-store.ts';
import type { ActionPorts } from './ports.ts';

type Ports = Pick<ActionPorts, 'store' | 'clock' | 'log'>;

export type Changed =
  | { kind: 'changed'; action: Action; call?: Action['kind']; askAgain?: { depth: number; before: number } }
  | { kind: 'ignored'; why: Ignored; action: Action }
  | { kind: 'unknown' };

/** More than enough for concurrent writers. */
const mostTries = 50;

/** Applies an event to the current action and commits the result. If another writer comes first, it decides again. */
export async function changeAction(id: string, event: ActionEvent, ports: Ports): Promise<Changed> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const before = await ports.store.read(id);
    if (!before) return { kind: 'unknown' };
    const now = ports.clock();
    const done = transition(before, event, now);
    if (done.kind === 'ignored') return { ...done, action: before };
    if (await replaced(before, done.action, now, ports)) {
      return { ...done, action: { ...done.action, version: before.version + 1 } };
    }
  }
  throw new Error(`Could not change action ${id}: others changed it ${mostTries} times in a row.`);
}

/** For changes that are not events: the state of its deliveries. `how` returns undefined to change nothing. */
export async function rewriteAction(
  id: string,
  ports: Ports,
  how: (action: Action) => Action | undefined,
): Promise<Action | undefined> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const before = await ports.store.read(id);
    const next = before && how(before);
    if (!before || !next) return undefined;
    if (await replaced(before, next, ports.clock(), ports)) return { ...next, version: before.version + 1 };
  }
  throw new Error(`Could not change action ${id}: others changed it ${mostTries} times in a row.`);
}

async function replaced(before: Action, next: Action, now: number, ports: Ports): Promise<boolean> {
  if (!(await ports.store.replace(before, next, now))) return false;
  if (isRecorded(before, next)) logAction(ports.log, next, now, before.state);
  return true;
}

export async function addAction(
  action: Action,
  { store, clock, log }: Ports,
): ReturnType<ActionStore['add']> {
  const now = clock();
  const added = await store.add(action, now);
  if (added.ok) logAction(log, action, now);
  return added;
}

/** One log line per step. */
function logAction(log: Log, action: Action, now: number, from?: Action['state']): void {
  const { id, kind, state, queueArn, place, requester, decider, reason, rate, destinationArn, result } =
    action;
  log.info(
    {
      ...{ action: id, kind, at: new Date(now).toISOString(), from, to: state, queue: queueArn },
      ...{ channel: place.channel, requester, decider, reason, rate, destination: destinationArn },
      ...{ depthAtRequest: action.depthAtRequest, depthAtDecision: action.depthAtDecision },
      ...{ voidBecause: action.voidBecause, awsCode: result.code, awsRequestId: result.requestId },
      open: isOpen(action),
    },
    `${kind} ${state}`,
  );
}
