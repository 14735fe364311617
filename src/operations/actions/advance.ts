import type { Action } from '../../domain/actions/action.ts';
import { whyVoid } from '../../domain/actions/lifecycle.ts';
import { isPollDue } from '../../domain/actions/poll.ts';
import { tasksListedAtMost } from '../../domain/sqs-limits.ts';
import { changeAction } from './change-action.ts';
import { deliverDue } from './deliver.ts';
import { type Deps, mayBeInProgress } from './in-progress.ts';
import { cancelsOf } from './started-here.ts';

/** Does what is due for an action: remind, expire, poll, deliver. Never calls Start or Cancel. */
export async function advanceAction(id: string, deps: Deps): Promise<void> {
  await deps.pending.alone(id, async () => {
    const action = await deps.store.read(id);
    if (!action || action.state === 'unknown') return;
    await withTime(action, deps);
    await deliverDue(id, deps);
    if (isPollDue(action, deps.clock())) {
      await poll(action, deps);
      await deliverDue(id, deps);
    }
  });
}

async function withTime({ id, state, calledAt = 0 }: Action, deps: Deps): Promise<void> {
  if (state === 'requested') await changeAction(id, { kind: 'time' }, deps);
  const isCalled = state === 'starting' || state === 'cancelling';
  if (isCalled && !mayBeInProgress(id, calledAt, deps)) await changeAction(id, { kind: 'answer-lost' }, deps);
}

/** Only a queue's newest action claims a task that SQS lists late. A queue that is not in the settings is not asked. */
async function poll(action: Action, deps: Deps): Promise<void> {
  const { id, kind, queueArn, state, taskStartedAt } = action;
  const { store, moveTasks, queueOf, clock } = deps;
  const askedAt = clock();
  const queue = queueOf(queueArn);
  const [newest] = state === 'not-started' ? await store.list({ queueArn, atMost: 1 }) : [];
  const isOurs = newest === undefined || newest.id === id;
  const listed = queue && isOurs ? await moveTasks.list(queue, tasksListedAtMost) : undefined;
  const cancels = kind === 'cancel' ? await cancelsOf(queueArn, store) : undefined;
  const wasCanceledBefore = cancels?.has(taskStartedAt ?? 0) ?? false;
  const polled = { kind: 'polled' as const, askedAt, wasCanceledBefore };
  await changeAction(id, { ...polled, ...(listed?.ok && { tasks: listed.value }) }, deps);
}

/**
 * At startup and after a change of settings: a request that is no longer allowed becomes void, and so does one without
 * approvers whose process ended before it was submitted. A call made by an earlier process becomes unsure.
 */
export async function recoverAction(action: Action, deps: Deps): Promise<void> {
  const { id, state, needsApproval, requestedAt } = action;
  const isAbandoned = !needsApproval && !mayBeInProgress(id, requestedAt, deps);
  const because = whyVoid(action, deps) ?? (isAbandoned ? ('interrupted' as const) : undefined);
  if (state === 'requested' && because) await changeAction(id, { kind: 'void', because }, deps);
  else await withTime(action, deps);
}
