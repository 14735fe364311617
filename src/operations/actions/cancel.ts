import type { Action, ActionPlace } from '../../domain/actions/action.ts';
import { newCancel } from '../../domain/actions/new-action.ts';
import type { ActingPerson } from '../../domain/actions/permission.ts';
import { allMessagesKnown } from '../../domain/move-task.ts';
import type { Queue } from '../../domain/queue.ts';
import { addAction } from './change-action.ts';
import { callInBackground, type Deps } from './request-start.ts';
import { type ActionRefusal, refusalToAct } from './who-may-act.ts';

export type AskedToCancel = {
  queue: Queue;
  person: ActingPerson;
  /** The card's place, with its thread. */
  place: ActionPlace;
  /** StartedTimestamp of the card's task. */
  startedAt: number;
};

export type CancelAnswer =
  | { kind: 'refused'; refusal: ActionRefusal }
  | { kind: 'open'; action: Action }
  | { kind: 'cancelling'; action: Action; called: Promise<void> };

/** Requesters and approvers may cancel, without a second person. The call itself reads a fresh task handle. */
export async function cancelRedrive(asked: AskedToCancel, deps: Deps): Promise<CancelAnswer> {
  const { queue, person, place, startedAt } = asked;
  const refusal = await refusalToAct({ person, channel: place.channel, queue, role: 'either' }, deps);
  if (refusal) return { kind: 'refused', refusal };
  const depth = allMessagesKnown(await deps.moveTasks.depth(queue));
  const action = newCancel({
    ...{ id: deps.newId(), queueArn: queue.arn, alias: queue.alias, requester: person.id, place },
    ...depth,
    taskStartedAt: startedAt,
    now: deps.clock(),
  });
  const release = deps.pending.hold(action.id);
  try {
    await deps.runs?.begin(action.id);
    const added = await addAction(action, deps);
    if (!added.ok) return { kind: 'open', action: added.open };
    return { kind: 'cancelling', action, called: callInBackground(action, deps) };
  } finally {
    release();
  }
}
