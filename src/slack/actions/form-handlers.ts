import { parseStartForm } from '../../domain/actions/start-form.ts';
import type { Queue } from '../../domain/queue.ts';
import type { Actions } from '../../operations/actions/actions.ts';
import { redriveIsOff } from '../../operations/actions/who-may-act.ts';
import { findQueue } from '../../operations/check-queue.ts';
import { type FormValue, readDecisionValue, readFormValue } from '../button-values.ts';
import {
  type Handler,
  type HandlerDeps,
  noReply,
  queueSeenIn,
  type Reply,
  replyOf,
  toPerson,
  toPersonOrNobody,
  unknownButtonReply,
} from '../reply.ts';
import { actingPerson, askedIn, isAnsweredElsewhere, isDirect, type SlackRequest } from '../request.ts';
import {
  hiddenQueueView,
  openFormView,
  refusalToActView,
  requestAnswerView,
  whichQueueView,
} from '../views/actions/answers.ts';
import { formView } from '../views/actions/form.ts';

export type ActionHandlerDeps = HandlerDeps & { actions: Actions };

export function createFormHandlers(deps: ActionHandlerDeps) {
  const { queues, actions, identity } = deps;
  const queueIn = queueSeenIn(queues);

  /** `/dlq-tasks redrive <queue> [rate]` */
  async function redriveQueue(
    { typed, rate }: { typed: string; rate?: string },
    request: SlackRequest,
  ): Promise<Reply> {
    const found = findQueue({ typed, channelId: request.person.channelId, asked: 1 }, queues);
    if ('queue' in found) return formReply(found.queue, { q: found.queue.arn, r: rate }, request, deps);
    const { answer } = found;
    if (answer.kind !== 'choice') return replyOf(answer, 'person', deps);
    return toPerson(whichQueueView(typed, answer.queues, 'redrive'), { outcome: 'choice' });
  }

  const onOpenForm: Handler = async (request) => {
    const value = readFormValue(request.text);
    const queue = queueIn(request, value?.q);
    return value && queue ? formReply(queue, value, request, deps) : unknownButtonReply();
  };

  /** Opens the form again with what was typed. */
  const onStartAgain: Handler = async (request) => {
    const value = readDecisionValue(request.text);
    const action = value && (await actions.read(value.id));
    const queue = queueIn(request, action?.queueArn);
    if (!action || !queue || action.kind !== 'start') return unknownButtonReply();
    const { reason, rate, destinationArn } = action;
    const begins = { q: queue.arn, w: reason, r: rate?.toString(), d: destinationArn };
    return formReply(queue, begins, request, deps);
  };

  /** Errors shown beside the fields of the form; undefined if there are none. */
  function faultsOf(request: SlackRequest): Record<string, string> | undefined {
    const { submitted } = request;
    const rules = queueIn(request, submitted?.origin.q)?.redrive;
    const parsed = submitted && rules && parseStartForm(submitted.form, rules);
    if (!parsed || parsed.ok) return undefined;
    return Object.fromEntries(parsed.faults.map(({ field, words }) => [field, words]));
  }

  const onSubmit: Handler = async (request) => {
    const { submitted } = request;
    if (await isAnsweredElsewhere(request)) return noReply({ outcome: 'redrive: a duplicate' });
    if (!submitted) return unknownButtonReply();
    const { origin, form } = submitted;
    const queue = queueIn(request, origin.q);
    if (!queue) return toPerson(hiddenQueueView(form), { outcome: 'redrive: hidden', queueArn: origin.q });
    const place = askedIn(request);
    const { channel } = place;
    const answer = await actions.request({
      ...{ queue, person: actingPerson(request), place, form, ...isDirect(place) },
      ...(origin.i !== undefined && { id: origin.i }),
    });
    const message = requestAnswerView(answer, { form, queue, channel, bot: identity });
    return toPersonOrNobody(message, { outcome: `redrive: ${answer.kind}`, queueArn: queue.arn });
  };

  return { redriveQueue, onOpenForm, onStartAgain, faultsOf, onSubmit };
}

async function formReply(
  queue: Queue,
  begins: FormValue,
  request: SlackRequest,
  { actions, identity }: ActionHandlerDeps,
): Promise<Reply> {
  const opened = await request.form;
  const facts = { queueArn: queue.arn };
  if (opened === undefined && queue.redrive) {
    const why = request.triggerId === undefined ? '' : "Slack didn't open the form in time.";
    return toPerson(openFormView(queue, begins, why), { outcome: 'redrive: a button', ...facts });
  }
  const { channel, thread } = askedIn(request);
  const place = { channel };
  const answer = await actions.form({ queue, person: actingPerson(request), place, ...isDirect(place) });
  if (answer.kind === 'refused') {
    const { refusal } = answer;
    return toPerson(refusalToActView(refusal), { outcome: `refused: ${refusal.because}`, ...facts });
  }
  const { redrive: rules } = queue;
  if (!rules) return toPerson(refusalToActView(redriveIsOff(queue)), { outcome: 'refused: redrive-off' });
  const view = formView({
    queue,
    rules,
    found: answer.found,
    origin: { i: answer.id, q: queue.arn, c: channel, t: thread },
    workspaceUrl: identity.workspaceUrl,
    begins: { rate: begins.r, reason: begins.w, destinationArn: begins.d },
  });
  const message = openFormView(queue, begins, 'Slack rejected the form.');
  return { ...toPerson(message, { outcome: 'redrive: a form', ...facts }), view };
}
