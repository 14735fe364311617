import { checkQueue, newestOf } from '../../operations/check-queue.ts';
import { refreshCard } from '../../operations/refresh-card.ts';
import { readButtonValue, readDecisionValue } from '../button-values.ts';
import { redriveIds } from '../buttons.ts';
import { type Command, startFormId } from '../commands.ts';
import {
  type Handler,
  noReply,
  queueSeenIn,
  type Reply,
  replyOf,
  toPerson,
  toPersonOrNobody,
  unknownButtonReply,
} from '../reply.ts';
import { actingPerson, askedIn, isAnsweredElsewhere, type SlackRequest } from '../request.ts';
import {
  cancellingView,
  cancelQuestionView,
  decisionAnswerView,
  openActionView,
  refusalToActView,
  whichQueueView,
} from '../views/actions/answers.ts';
import { type ActionHandlerDeps, createFormHandlers } from './form-handlers.ts';

export function createActionHandlers(deps: ActionHandlerDeps) {
  const { actions } = deps;
  const { redriveQueue, ...forms } = createFormHandlers(deps);
  const cancels = createCancelHandlers(deps);

  const onDecide =
    (what: 'approve' | 'decline' | 'withdraw'): Handler =>
    async (request) => {
      if (await isAnsweredElsewhere(request)) return noReply({ outcome: `${what}: a duplicate` });
      const value = readDecisionValue(request.text);
      const answer =
        value && (await isOfThisMessage(value.id, request))
          ? await actions[what]({
              ...{ id: value.id, person: actingPerson(request), channel: request.person.channelId },
              ...(value.confirms !== undefined && { confirms: value.confirms }),
            })
          : ({ kind: 'unknown' } as const);
      const queueArn = 'action' in answer ? { queueArn: answer.action.queueArn } : {};
      return toPersonOrNobody(decisionAnswerView(answer), {
        outcome: `${what}: ${answer.kind}`,
        ...queueArn,
      });
    };

  /** Only the buttons of the request's own message count. Its place may not be stored yet. */
  async function isOfThisMessage(id: string, { clicked }: SlackRequest): Promise<boolean> {
    const place = (await actions.read(id))?.place;
    if (!place || !clicked || place.channel !== clicked.channel) return false;
    return place.message === undefined || place.message === clicked.ts;
  }

  /** For a person whom the access rules refuse: they can still withdraw a request, and what they typed is not lost. */
  async function evenIfRefused(request: SlackRequest): Promise<Reply | undefined> {
    if (request.what === startFormId) return forms.onSubmit(request);
    if (request.what !== redriveIds.withdraw) return undefined;
    const value = readDecisionValue(request.text);
    const action = value && (await actions.read(value.id));
    const isOwn = action !== undefined && action.requester === request.person.userId;
    return isOwn ? onDecide('withdraw')(request) : undefined;
  }

  const onWord = (
    command: Extract<Command, { kind: 'redrive' | 'cancel' }>,
    request: SlackRequest,
  ): Promise<Reply> =>
    command.kind === 'redrive' ? redriveQueue(command, request) : cancels.askToCancel(command.typed, request);

  return {
    evenIfRefused,
    ...forms,
    onWord,
    onCancel: cancels.onCancel,
    onApprove: onDecide('approve'),
    onDecline: onDecide('decline'),
    onWithdraw: onDecide('withdraw'),
  };
}

function createCancelHandlers(deps: ActionHandlerDeps) {
  const { actions, identity } = deps;
  const queueIn = queueSeenIn(deps.queues);

  /** `/dlq-tasks cancel <queue>` */
  async function askToCancel(typed: string, request: SlackRequest): Promise<Reply> {
    const answer = await checkQueue({ typed, channelId: request.person.channelId, asked: 1 }, deps);
    if (answer.kind === 'choice')
      return toPerson(whichQueueView(typed, answer.queues, 'cancel'), { outcome: 'choice' });
    if (answer.kind !== 'report') return replyOf(answer, 'person', deps);
    const { queue, task } = newestOf(answer.report);
    return toPerson(cancelQuestionView(queue, task), { outcome: 'cancel: asked', queueArn: queue.arn });
  }

  const onCancel: Handler = async (request) => {
    if (await isAnsweredElsewhere(request)) return noReply({ outcome: 'cancel: a duplicate' });
    const value = readButtonValue(request.text);
    const queue = queueIn(request, value?.q);
    if (!queue || value?.s === undefined) return unknownButtonReply();
    const { clicked } = request;
    const { channel, thread } = askedIn(request);
    const inThread = clicked ? (clicked.threadTs ?? clicked.ts) : thread;
    const place = { channel, ...(inThread !== undefined && { thread: inThread }) };
    const answer = await actions.cancel({ queue, person: actingPerson(request), place, startedAt: value.s });
    const facts = { outcome: `cancel: ${answer.kind}`, queueArn: queue.arn };
    if (answer.kind === 'refused') return toPerson(refusalToActView(answer.refusal), facts);
    if (answer.kind === 'open') return toPerson(openActionView(answer.action, identity), facts);
    if (value.below) return toPerson(cancellingView(queue), facts);
    if (!clicked) return { to: 'clicked', message: cancellingView(queue), ...facts };
    await answer.called;
    const card = clicked;
    const seen = await refreshCard({ typed: queue.arn, channelId: channel, asked: 1 }, card, deps);
    return { ...replyOf(seen, 'clicked', deps), ...facts };
  };

  return { askToCancel, onCancel };
}
