import type { Action, ActionEvent, Transition } from '../../domain/actions/action.ts';
import { isOpen } from '../../domain/actions/lifecycle.ts';
import { transition } from '../../domain/actions/transition.ts';
import type { Log } from '../log.ts';
import { type ActionStore, isRecorded } from './action-store.ts';
import type { ActionPorts } from './ports.ts';

type Ports = Pick<ActionPorts, 'store' | 'clock' | 'log'>;

export type Changed = (Transition & { action: Action }) | { kind: 'unknown' };

/** Applies an event to the current action and commits the result. */
export async function changeAction(id: string, event: ActionEvent, ports: Ports): Promise<Changed> {
  const changed = await committed(id, ports, (before, now) => {
    return { action: before, ...transition(before, event, now) };
  });
  return changed ?? { kind: 'unknown' };
}

/** For changes that are not events: the state of its deliveries. `how` returns undefined to change nothing. */
export async function rewriteAction(
  id: string,
  ports: Ports,
  how: (action: Action) => Action | undefined,
): Promise<Action | undefined> {
  const changed = await committed(id, ports, (before) => {
    const action = how(before);
    return { isChanged: action !== undefined, action: action ?? before };
  });
  return changed?.isChanged ? changed.action : undefined;
}

/** More than enough for concurrent writers. */
const mostTries = 50;

/** If another writer comes first, it decides again. The same action as before is not written. */
async function committed<T extends { action: Action }>(
  id: string,
  { store, clock, log }: Ports,
  how: (before: Action, now: number) => T,
): Promise<T | undefined> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const before = await store.read(id);
    if (!before) return undefined;
    const now = clock();
    const done = how(before, now);
    if (done.action === before) return done;
    if (await store.replace(before, done.action, now)) {
      if (isRecorded(before, done.action)) logAction(log, done.action, now, before.state);
      return { ...done, action: { ...done.action, version: before.version + 1 } };
    }
  }
  throw new Error(`Could not change action ${id}: others changed it ${mostTries} times in a row.`);
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
