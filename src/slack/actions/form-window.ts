import { createHash } from 'node:crypto';
import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { Log } from '../../operations/log.ts';
import type { Reply } from '../reply.ts';
import { textIn, triggerOfForm } from '../request.ts';
import type { SlackBody } from '../signed-request.ts';
import { slackFailureFrom } from '../slack-failure.ts';
import { answerInForm, lookingView } from '../views/actions/form.ts';

type Deps = { client: WebClient | Promise<WebClient>; log: Log };

/** Another process has the same request, and only one of them may answer it. */
const openedElsewhere = ['exchanged_trigger_id', 'duplicate_external_id'];

/**
 * A trigger expires after three seconds, so the form is opened before access is checked, and names no queue
 * until then. Resolves with its id, by which each process knows it that has the request, or undefined if the trigger
 * had expired.
 */
export async function openForm(triggerId: string, { client, log }: Deps): Promise<string | undefined> {
  const id = createHash('sha256').update(triggerId).digest('base64url');
  try {
    await (await client).views.open({ trigger_id: triggerId, view: { ...lookingView(), external_id: id } });
    return id;
  } catch (error) {
    const failure = slackFailureFrom(error);
    if (failure.kind === 'refused' && openedElsewhere.includes(failure.code)) return id;
    log.info({ ...failure }, 'could not open the form; posting a button instead');
    return undefined;
  }
}

/** The same before the bot has read the request. */
export function openFormAtOnce(body: SlackBody, deps: Deps): Promise<string | undefined> | undefined {
  const { actions } = body;
  const clicked = Array.isArray(actions) ? textIn(actions[0], 'action_id') : undefined;
  const what = body['command'] === undefined ? (clicked ?? '') : 'command';
  const trigger = triggerOfForm({
    what,
    text: textIn(body, 'text') ?? '',
    triggerId: textIn(body, 'trigger_id'),
  });
  return trigger === undefined ? undefined : openForm(trigger, deps);
}

/** Whether an answer is shown in the form that was opened for it. */
export async function isShownInForm(
  { view, message }: Pick<Reply, 'view' | 'message'>,
  form: Promise<string | undefined>,
  deps: Deps,
): Promise<boolean> {
  const id = await form;
  return id !== undefined && updateForm(id, view ?? answerInForm(message), deps);
}

/** Whether Slack updated the form. A person who has closed it meanwhile does not need the answer. */
async function updateForm(externalId: string, view: ModalView, { client, log }: Deps): Promise<boolean> {
  try {
    await (await client).views.update({ external_id: externalId, view });
    return true;
  } catch (error) {
    const failure = slackFailureFrom(error);
    const isClosed = failure.kind === 'refused' && failure.code === 'not_found';
    if (!isClosed) log.warn({ ...failure }, 'could not update the form');
    return isClosed;
  }
}
