import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { Log } from '../../operations/log.ts';
import { parseCommand } from '../parse-command.ts';
import type { Reply } from '../reply.ts';
import type { SlackRequest } from '../request.ts';
import { slackFailureFrom } from '../slack-failure.ts';
import { answerInForm, lookingView } from '../views/actions/form-window.ts';
import { redriveIds } from './action-buttons.ts';

type Deps = { client: WebClient; log: Log };

/**
 * A trigger lives for three seconds, so this is the first that Slack is asked for, before anybody knows whether the
 * person may. Until then the form names nothing. Resolves with its id; nothing: the trigger was dead.
 */
export function withForm(request: SlackRequest, deps: Deps): SlackRequest {
  const { triggerId } = request;
  if (triggerId === undefined || !opensForm(request)) return request;
  return { ...request, form: openForm(triggerId, deps) };
}

function opensForm({ what, text }: SlackRequest): boolean {
  if (what === redriveIds.openForm || what === redriveIds.startAgain) return true;
  if (what !== 'command') return false;
  const command = parseCommand(text, true);
  return 'kind' in command && command.kind === 'redrive';
}

async function openForm(triggerId: string, { client, log }: Deps): Promise<string | undefined> {
  try {
    const { view } = await client.views.open({ trigger_id: triggerId, view: lookingView() });
    return view?.id;
  } catch (error) {
    log.info({ ...slackFailureFrom(error) }, 'could not open the form; posting a button instead');
    return undefined;
  }
}

/** Whether an answer stands in the form that was opened for it. */
export async function isShownInForm(
  { view, message }: Pick<Reply, 'view' | 'message'>,
  form: Promise<string | undefined>,
  deps: Deps,
): Promise<boolean> {
  const viewId = await form;
  return viewId !== undefined && updateForm(viewId, view ?? answerInForm(message), deps);
}

/** Whether the form took it. Whoever has closed it meanwhile wants to see nothing more. */
async function updateForm(viewId: string, view: ModalView, { client, log }: Deps): Promise<boolean> {
  try {
    await client.views.update({ view_id: viewId, view });
    return true;
  } catch (error) {
    const failure = slackFailureFrom(error);
    const isClosed = failure.kind === 'refused' && failure.code === 'not_found';
    if (!isClosed) log.warn({ ...failure }, 'form update failed');
    return isClosed;
  }
}
