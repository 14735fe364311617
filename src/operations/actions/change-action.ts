import { type Action, isOpen } from '../../domain/actions/action.ts';
import type { ActionEvent, Ignored } from '../../domain/actions/events.ts';
import { transition } from '../../domain/actions/transition.ts';
import type { Log } from '../log.ts';
import { type ActionStore, isRecorded } from './action-store.ts';
import type { ActionPorts } from './ports.ts';

type Ports = Pick<ActionPorts, 'store' | 'clock' | 'log'>;

export type Changed =
  | { kind: 'changed'; action: Action; call?: Action['kind']; askAgain?: { depth: number; before: number } }
  | { kind: 'ignored'; why: Ignored; action: Action }
  | { kind: 'unknown' };

/** More than enough for people and machines that write at once. */
const mostTries = 50;

/** Commits what an event makes of the action as it stands. Whoever loses a race is decided anew. */
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
  throw new Error(`Action ${id} was written by others ${mostTries} times in a row.`);
}

/** For what is no event: how far its deliveries have come. `how` answers nothing when there is nothing to change. */
export async function rewriteAction(
  id: string,
  how: (action: Action) => Action | undefined,
  ports: Ports,
): Promise<Action | undefined> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const before = await ports.store.read(id);
    const next = before && how(before);
    if (!before || !next) return undefined;
    if (await replaced(before, next, ports.clock(), ports)) return { ...next, version: before.version + 1 };
  }
  throw new Error(`Action ${id} was written by others ${mostTries} times in a row.`);
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

/** The one line of each step. */
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
