import type { Action, ActionPlace } from '../../domain/actions/action.ts';
import { newStart } from '../../domain/actions/new-action.ts';
import type { ActingPerson } from '../../domain/actions/permission.ts';
import {
  type FormFault,
  parseStartForm,
  type StartForm,
  type StartValues,
} from '../../domain/actions/start-form.ts';
import type { Queue } from '../../domain/queue.ts';
import type { RedriveRules } from '../../domain/settings.ts';
import { makeCall } from './call.ts';
import { addAction, changeAction } from './change-action.ts';
import { checkStart, type StartChecks } from './check-start.ts';
import { checkItsMessage, deliverDue } from './deliver.ts';
import type { InProgress } from './in-progress.ts';
import type { ActionPorts } from './ports.ts';
import { type ActionRefusal, redriveIsOff, refusalToAct } from './who-may-act.ts';

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

export type Deps = ActionPorts & { pending: InProgress };

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
  const answer = await commitRequest(
    actionFor(asked, { rules, values: parsed.values, found }, deps),
    found,
    deps,
  );
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
    ...(found.messages !== undefined && { depth: found.messages }),
  });
}

/** First the record, then the message; nothing is started before its message is posted for everyone to see. */
async function commitRequest(action: Action, found: StartChecks, deps: Deps): Promise<RequestAnswer> {
  const { store, pending } = deps;
  const { id } = action;
  const release = pending.hold(id);
  try {
    await deps.runs?.begin(id);
    const added = await addAction(action, deps);
    if (!added.ok) return { kind: 'open', action: added.open };
    await pending.alone(id, () => deliverDue(id, deps));
    const posted = (await store.read(id)) ?? action;
    if (posted.voidBecause === 'cannot-post')
      return { kind: 'cannot-post', channel: action.place.channel, action: posted };
    const isPosted = posted.place.message !== undefined;
    if (action.needsApproval) return { kind: 'requested', action: posted, posted: isPosted };
    return isPosted ? await submit(posted, found, deps) : await notPosted(posted, deps);
  } finally {
    release();
  }
}

/** Without approvers, the requester decides. */
async function submit(
  action: Action,
  { newestKnown, messages }: StartChecks,
  deps: Deps,
): Promise<RequestAnswer> {
  const depth = messages === undefined ? {} : { depth: messages };
  const changed = await changeAction(action.id, { kind: 'submit', newestKnown, ...depth }, deps);
  if (changed.kind !== 'changed' || changed.call !== 'start') return notPosted(action, deps);
  return { kind: 'starting', action: changed.action, called: callInBackground(changed.action, deps) };
}

async function notPosted({ id }: Action, deps: Deps): Promise<RequestAnswer> {
  await changeAction(id, { kind: 'void', because: 'interrupted' }, deps);
  const action = await deps.store.read(id);
  if (!action) throw new Error(`Action ${id} is gone.`);
  return { kind: 'not-posted', action };
}

/** Claimed before its commit and until its answer is stored, so that it does not count as lost meanwhile. */
export function callInBackground(action: Action, deps: Deps): Promise<void> {
  const release = deps.pending.hold(action.id);
  const called = deps.runs ? deps.runs.call(action) : makeCall(action, deps);
  return deps.pending.inBackground(called.finally(release));
}
