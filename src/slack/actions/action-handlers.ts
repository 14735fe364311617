import type { Actions } from '../../operations/actions/actions.ts';
import type { RefreshDeps } from '../../operations/refresh-card.ts';
import type { BotIdentity } from '../bot-identity.ts';
import { readDecisionValue, redriveIds } from '../buttons.ts';
import type { Command } from '../commands.ts';
import { startFormId } from '../commands.ts';
import type { Handler } from '../listener.ts';
import { noReply, type Reply, toPersonOrNobody } from '../reply.ts';
import { actingPerson, isAnsweredElsewhere, type SlackRequest } from '../request.ts';
import { decisionAnswerView } from '../views/actions/answers.ts';
import { createCancelHandlers } from './cancel-handlers.ts';
import { createFormHandlers } from './form-handlers.ts';

export function createActionHandlers(deps: RefreshDeps & { actions: Actions; identity: BotIdentity }) {
  const { actions } = deps;
  const forms = createFormHandlers(deps);
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
  async function evenIfRefused(request: SlackRequest, errorId: string): Promise<Reply | undefined> {
    if (request.what === startFormId) return forms.onSubmit(request, errorId);
    if (request.what !== redriveIds.withdraw) return undefined;
    const value = readDecisionValue(request.text);
    const action = value && (await actions.read(value.id));
    const isOwn = action !== undefined && action.requester === request.person.userId;
    return isOwn ? onDecide('withdraw')(request, errorId) : undefined;
  }

  const onWord = (
    command: Extract<Command, { kind: 'redrive' | 'cancel' }>,
    request: SlackRequest,
    errorId: string,
  ): Promise<Reply> =>
    command.kind === 'redrive'
      ? forms.redriveQueue(command, request, errorId)
      : cancels.askToCancel(command.typed, request, errorId);

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
export type ActionHandlers = ReturnType<typeof createActionHandlers>;
