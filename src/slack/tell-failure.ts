import type { WebClient } from '@slack/web-api';
import type { Log } from '../operations/log.ts';
import { isShownInForm } from './actions/form-window.ts';
import type { Message } from './block-kit.ts';
import type { Known, VerifiedRequest } from './lambda-receiver.ts';
import { idIn, submittedIn, tsIn } from './request.ts';
import { answerByUrl, isResponseUrl } from './response-url.ts';
import { valueAt } from './signed-request.ts';
import { slackFailureFrom } from './slack-failure.ts';
import { withTypedWords } from './views/actions/answers.ts';
import { interruptedView, unexpectedErrorView } from './views/unexpected-error.ts';

/** `unexpected`: it can't run. `interrupted`: it ended at work, and no one knows how far it came. */
export type BotFailure = { kind: 'unexpected' | 'interrupted'; errorId: string };

type Deps = { client: () => Promise<WebClient>; apiUrl: () => string; log: Log };
type Place = { channel: string; user: string; thread_ts?: string };

/** Tells a person that the bot itself failed, where there is no bot to do it. */
export function createTellFailure({ client, apiUrl, log }: Deps) {
  /** Slack gives no other way to answer a mention, or a form that is closed. */
  async function tellIn(place: Place, message: Message): Promise<void> {
    const { chat } = await client();
    await chat
      .postEphemeral({ ...place, ...message })
      .catch(() => chat.postMessage({ channel: place.user, ...message }));
  }

  async function tell({ body }: VerifiedRequest, message: Message, form: Known['form']): Promise<void> {
    if (form && (await isShownInForm({ message }, form, { client: client(), log }))) return;
    const submission = submittedIn(body);
    if (submission) {
      const { userId: user, submitted } = submission;
      const { c: channel, t: thread, q } = submitted.origin;
      const place = { channel, user, ...(thread !== undefined && { thread_ts: thread }) };
      return tellIn(place, withTypedWords(message, submitted.form, q));
    }
    const mention = mentionedIn(body['event']);
    if (mention) return tellIn(mention, message);
    const url = String(body['response_url'] ?? '');
    const failure = isResponseUrl(url, apiUrl()) ? await answerByUrl(url, message) : undefined;
    if (failure) log.error({ ...failure }, 'could not send the error message to the person');
  }

  return async (
    request: VerifiedRequest,
    { kind, errorId }: BotFailure,
    form: Known['form'],
  ): Promise<void> => {
    try {
      await tell(
        request,
        kind === 'interrupted' ? interruptedView(errorId) : unexpectedErrorView(errorId),
        form,
      );
    } catch (error) {
      log.error({ ...slackFailureFrom(error), errorId }, 'could not send the error message to the person');
    }
  };
}

function mentionedIn(event: unknown): Place | undefined {
  const [user, channel, thread] = [idIn(event, 'user'), idIn(event, 'channel'), tsIn(event, 'thread_ts')];
  if (valueAt(event, 'type') !== 'app_mention' || valueAt(event, 'bot_id') !== undefined) return undefined;
  if (!user || !channel) return undefined;
  return { user, channel, ...(thread !== undefined && { thread_ts: thread }) };
}
