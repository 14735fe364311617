import type { Action, ActionEvent, Ignored } from '../../domain/actions/action.ts';
import { whyVoid } from '../../domain/actions/lifecycle.ts';
import { allMessagesKnown } from '../../domain/depth.ts';
import type { Queue } from '../../domain/queue.ts';
import { startCalled } from './call.ts';
import { type Changed, changeAction } from './change-action.ts';
import { checkStart, type StartChecks } from './check-start.ts';
import type { Deps } from './in-progress.ts';
import { type ActingPerson, type ActingRole, type ActionRefusal, refusalToAct } from './who-may-act.ts';

export type Decision = {
  id: string;
  person: ActingPerson;
  /** Where the button was clicked. */
  channel: string;
};

export type DecisionAnswer =
  | { kind: 'refused'; refusal: ActionRefusal }
  | { kind: 'unknown' }
  /** Someone has already decided, or this person isn't allowed to. */
  | { kind: 'ignored'; why: Ignored; action: Action }
  | { kind: 'checks-failed'; found: StartChecks; action: Action }
  /** The depth changed: the button shows `depth`, and a click on it within five minutes counts. */
  | { kind: 'ask-again'; depth: number; before: number; action: Action }
  | { kind: 'starting'; action: Action; called: Promise<void> }
  /** Declined, withdrawn, expired or void. */
  | { kind: 'decided'; action: Action };

/** `confirms`: the depth that the clicked button shows, once it shows a new one. */
export async function approve(
  decision: Decision & { confirms?: number },
  deps: Deps,
): Promise<DecisionAnswer> {
  const { id, confirms, person } = decision;
  const ready = await readied(decision, 'approver', deps);
  if ('answer' in ready) return ready.answer;
  const { action, queue } = ready;
  // The requester gets that answer before anything else is checked.
  if (person.id === action.requester) return { kind: 'ignored', why: { because: 'own-request' }, action };
  const unasked = await requesterNow(action, queue, deps);
  if (unasked) return unasked;
  const found = await checkStart(queue, action, deps);
  if (found.failed.length > 0) return { kind: 'checks-failed', found, action };
  const event: ActionEvent = {
    ...{ kind: 'approve', by: person.id, isApprover: true, newestKnown: found.newestKnown },
    ...allMessagesKnown(found.depth),
    ...(confirms !== undefined && { confirms }),
  };
  return deps.pending.holding(id, async () => {
    const changed = await changeAction(id, event, deps);
    return startCalled(changed, deps) ?? answerOf(changed);
  });
}

export async function decline(decision: Decision, deps: Deps): Promise<DecisionAnswer> {
  const ready = await readied(decision, 'approver', deps);
  if ('answer' in ready) return ready.answer;
  return answerOf(
    await changeAction(decision.id, { kind: 'decline', by: decision.person.id, isApprover: true }, deps),
  );
}

/** Requesters may always withdraw, even if they are no longer allowed to request. */
export async function withdraw({ id, person }: Decision, deps: Deps): Promise<DecisionAnswer> {
  return answerOf(await changeAction(id, { kind: 'withdraw', by: person.id }, deps));
}

/** The requester must still be allowed, by the current settings and groups. If Slack can't say, the answer is no. */
async function requesterNow(action: Action, queue: Queue, deps: Deps): Promise<DecisionAnswer | undefined> {
  const { id, requester, place } = action;
  const channel = place.askedIn?.channel ?? place.channel;
  const person: ActingPerson = { id: requester, home: 'own', kind: 'person' };
  const refusal = await refusalToAct({ person, channel, queue, role: 'requester' }, deps);
  if (!refusal) return undefined;
  if (isNotKnown(refusal)) return { kind: 'refused', refusal };
  return answerOf(await changeAction(id, { kind: 'void', because: 'requester-not-allowed' }, deps));
}

function isNotKnown(refusal: ActionRefusal): boolean {
  if (refusal.because === 'no-access') return refusal.refusal.reason === 'groups-unknown';
  return refusal.because === 'groups-unknown';
}

/** Everyone who may see the queue learns what was decided; the settings are checked again. */
async function readied({ id, person, channel }: Decision, role: ActingRole, deps: Deps) {
  const action = await deps.store.read(id);
  if (!action) return { answer: { kind: 'unknown' } } as const;
  const queue = deps.queueOf(action.queueArn);
  if (action.state === 'requested') {
    const because = whyVoid(action, deps);
    if (because) return { answer: answerOf(await changeAction(id, { kind: 'void', because }, deps)) };
  }
  const refusal = await refusalToAct({ person, channel, queue, role }, deps);
  if (refusal) return { answer: { kind: 'refused', refusal } } as const;
  if (action.state !== 'requested' || !queue) {
    // A withdrawal without a person changes nothing, and returns who decided.
    return { answer: answerOf(await changeAction(id, { kind: 'withdraw', by: '' }, deps)) };
  }
  return { action, queue };
}

function answerOf(changed: Changed): DecisionAnswer {
  if (changed.kind !== 'changed') return changed;
  const { action, askAgain } = changed;
  return askAgain ? { kind: 'ask-again', ...askAgain, action } : { kind: 'decided', action };
}
