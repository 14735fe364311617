import type { Actions } from '../../operations/actions/actions.ts';
import { newestOf } from '../../operations/answer.ts';
import { checkQueue } from '../../operations/check-queue.ts';
import { type RefreshDeps, refreshCard } from '../../operations/refresh-card.ts';
import type { BotIdentity } from '../bot-identity.ts';
import { readButtonValue } from '../buttons.ts';
import type { Handler } from '../listener.ts';
import { noReply, queueSeenIn, type Reply, replyOf, toPerson, unknownButtonReply } from '../reply.ts';
import { actingPerson, askedIn, isAnsweredElsewhere, type SlackRequest } from '../request.ts';
import {
  cancellingView,
  cancelQuestionView,
  openActionView,
  refusalToActView,
  whichQueueView,
} from '../views/actions/answers.ts';

export function createCancelHandlers(deps: RefreshDeps & { actions: Actions; identity: BotIdentity }) {
  const { actions, identity } = deps;
  const queueIn = queueSeenIn(deps.queues);

  /** `/dlq-tasks cancel <queue>` */
  async function askToCancel(typed: string, request: SlackRequest, errorId: string): Promise<Reply> {
    const answer = await checkQueue({ typed, channelId: request.person.channelId, asked: 1 }, deps);
    if (answer.kind === 'choice')
      return toPerson(whichQueueView(typed, answer.queues, 'cancel'), { outcome: 'choice' });
    if (answer.kind !== 'report') return replyOf(answer, 'person', errorId);
    const { queue, task } = newestOf(answer.report);
    return toPerson(cancelQuestionView(queue, task), { outcome: 'cancel: asked', queueArn: queue.arn });
  }

  const onCancel: Handler = async (request, errorId) => {
    if (await isAnsweredElsewhere(request)) return noReply({ outcome: 'cancel: a duplicate' });
    const value = readButtonValue(request.text);
    const queue = queueIn(request, value?.q);
    if (!queue || value?.s === undefined) return unknownButtonReply(errorId);
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
    return { ...replyOf(seen, 'clicked', errorId, { watchable: deps.watches !== undefined }), ...facts };
  };

  return { askToCancel, onCancel };
}
