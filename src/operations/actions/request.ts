import type { Action, ActionPlace } from '../../domain/actions/action.ts';
import {
  type FormFault,
  parseStartForm,
  type StartForm,
  type StartValues,
} from '../../domain/actions/start-form.ts';
import { newCancel, newStart } from '../../domain/actions/transition.ts';
import { allMessagesKnown } from '../../domain/depth.ts';
import type { Queue } from '../../domain/queue.ts';
import type { RedriveRules } from '../../domain/settings.ts';
import { callInBackground, startCalled } from './call.ts';
import { addAction, changeAction } from './change-action.ts';
import { checkStart, type StartChecks } from './check-start.ts';
import { checkItsMessage, deliverDue } from './deliver.ts';
import type { Deps } from './in-progress.ts';
import { type ActingPerson, type ActionRefusal, redriveIsOff, refusalToAct } from './who-may-act.ts';

export type AskedToStart = {
  queue: Queue;
  person: ActingPerson;
  /** Where the person asked. The settings may send the request to another channel. */
  place: Pick<ActionPlace, 'channel' | 'thread'>;
  /** In a direct message, which others do not see. */
  isDirect?: boolean;
  form: StartForm;
  /** From the form, so that it creates one action, however often it is submitted. */
  id?: string;
};

export type RequestAnswer =
  | { kind: 'refused'; refusal: ActionRefusal }
  | { kind: 'input-error'; faults: readonly FormFault[] }
  /** The queue already has an open action, or the form was submitted before. */
  | { kind: 'open'; action: Action }
  | { kind: 'checks-failed'; found: StartChecks }
  /** Nothing was requested: the bot can't post there, or Slack accepts no messages now. */
  | { kind: 'cannot-post'; channel: string; action: Action }
  | { kind: 'not-posted'; action: Action }
  /** It waits for an approver. `posted`: its message is posted; otherwise it will be. `unseen`: no approver is there. */
  | { kind: 'requested'; action: Action; posted: boolean; unseen?: true }
  /** The call is being made; `called` resolves when its answer is stored. */
  | { kind: 'starting'; action: Action; called: Promise<void> };

export async function requestStart(asked: AskedToStart, deps: Deps): Promise<RequestAnswer> {
  const { queue, form } = asked;
  const refusal = await refusalToRequest(asked, deps);
  if (refusal) return { kind: 'refused', refusal };
  const rules = queue.redrive;
  if (!rules) return { kind: 'refused', refusal: redriveIsOff(queue) };
  const parsed = parseStartForm(form, rules);
  if (!parsed.ok) return { kind: 'input-error', faults: parsed.faults };
  const found = await checkStart(queue, parsed.values, deps);
  if (found.open) {
    await checkItsMessage(found.open, deps);
    return { kind: 'open', action: found.open };
  }
  if (found.failed.length > 0) return { kind: 'checks-failed', found };
  const action = actionFor(asked, { rules, values: parsed.values, found }, deps);
  const answer = await addHeld(action, deps, () => requested(action, found, deps));
  const isWaiting = answer.kind === 'requested' && answer.posted;
  return isWaiting && (await isUnseenByApprovers(answer.action, rules, deps))
    ? { ...answer, unseen: true }
    : answer;
}

/** True only if it is known: the channel is private, and none of those who may approve the request is in it. */
async function isUnseenByApprovers(
  { requester, place }: Action,
  { approvers }: RedriveRules,
  { membersOfPrivate, membersOf }: Deps,
): Promise<boolean> {
  const present = await membersOfPrivate?.(place.channel);
  if (!present || !approvers) return false;
  try {
    const groups = await Promise.all(approvers.userGroups.map((group) => membersOf(group)));
    const who = [...approvers.users, ...groups.flat()].filter((person) => person !== requester);
    return !who.some((person) => present.includes(person));
  } catch {
    return false;
  }
}

/** Also if no one who may approve could see the request. */
export async function refusalToRequest(
  { queue, person, place, isDirect = false }: Omit<AskedToStart, 'form' | 'id'>,
  deps: Deps,
): Promise<ActionRefusal | undefined> {
  const who = { person, channel: place.channel, queue, role: 'requester' as const };
  const refusal = await refusalToAct(who, deps);
  if (refusal) return refusal;
  const isUnseen = isDirect && queue.redrive?.approvers && queue.redrive.channel === undefined;
  return isUnseen ? { because: 'direct-message' } : undefined;
}

function actionFor(
  { queue, person, place, id }: AskedToStart,
  { rules, values, found }: { rules: RedriveRules; values: StartValues; found: StartChecks },
  { newId, clock }: Deps,
): Action {
  const isElsewhere = rules.channel !== undefined && rules.channel !== place.channel;
  return newStart({
    ...values,
    ...{ id: id ?? newId(), queueArn: queue.arn, alias: queue.alias, requester: person.id },
    place: isElsewhere && rules.channel ? { channel: rules.channel, askedIn: place } : place,
    needsApproval: rules.approvers !== undefined,
    expireAfterMs: rules.expireAfterMinutes * 60_000,
    now: clock(),
    ...allMessagesKnown(found.depth),
  });
}

/** It is held, so that it doesn't count as abandoned before this process is done with it. */
async function addHeld<T>(
  action: Action,
  deps: Deps,
  then: () => Promise<T>,
): Promise<T | { kind: 'open'; action: Action }> {
  const { pending, runs } = deps;
  return pending.holding(action.id, async () => {
    await runs?.begin(action.id);
    const added = await addAction(action, deps);
    return added.ok ? then() : { kind: 'open', action: added.open };
  });
}

/** First the record, then the message; nothing is started before its message is posted for everyone to see. */
async function requested(action: Action, found: StartChecks, deps: Deps): Promise<RequestAnswer> {
  const { store, pending } = deps;
  const { id, needsApproval, place } = action;
  await pending.alone(id, () => deliverDue(id, deps));
  const posted = (await store.read(id)) ?? action;
  if (posted.voidBecause === 'cannot-post')
    return { kind: 'cannot-post', channel: place.channel, action: posted };
  const isPosted = posted.place.message !== undefined;
  if (needsApproval) return { kind: 'requested', action: posted, posted: isPosted };
  return (isPosted && (await submit(id, found, deps))) || notPosted(id, deps);
}

/** Without approvers, the requester decides. */
async function submit(id: string, { newestKnown, depth }: StartChecks, deps: Deps) {
  const event = { kind: 'submit' as const, newestKnown, ...allMessagesKnown(depth) };
  return startCalled(await changeAction(id, event, deps), deps);
}

async function notPosted(id: string, deps: Deps): Promise<RequestAnswer> {
  const voided = await changeAction(id, { kind: 'void', because: 'interrupted' }, deps);
  if (voided.kind === 'unknown') throw new Error(`Action ${id} is gone.`);
  return { kind: 'not-posted', action: voided.action };
}

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
  return addHeld(action, deps, async () => ({
    kind: 'cancelling',
    action,
    called: callInBackground(action, deps),
  }));
}
