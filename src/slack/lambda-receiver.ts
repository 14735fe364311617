import type { App } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import type { Log } from '../operations/log.ts';
import { isShownInForm } from './actions/form-window.ts';
import type { Message } from './block-kit.ts';
import { idIn, type SlackRequest, tsIn } from './request.ts';
import { answerByUrl, isResponseUrl } from './response-url.ts';
import {
  headersIn,
  isObject,
  type SignedRequest,
  type SlackBody,
  signatureFault,
  slackBodyOf,
  valueAt,
} from './signed-request.ts';
import { slackFailureFrom } from './slack-failure.ts';
import { withTypedWords } from './views/actions/answers.ts';
import { withErrorId } from './views/private-message.ts';
import { interruptedView, unexpectedErrorView } from './views/unexpected-error.ts';

export type VerifiedRequest = { body: SlackBody; headers: SignedRequest['headers'] };

/** The front accepts no request older than five minutes, and Lambda drops an event after three more. */
const maxAgeSeconds = 9 * 60;

/** Checks a forwarded request again: permission to invoke the function must not allow anyone to impersonate Slack. */
export function verifiedRequest(
  event: unknown,
  { signingSecret, now }: { signingSecret: string; now: number },
): VerifiedRequest | undefined {
  if (!isObject(event) || typeof event['body'] !== 'string' || !isObject(event['headers'])) return undefined;
  const request = { body: event['body'], headers: headersIn(event['headers']) };
  if (signatureFault(request, { signingSecret, now, maxAgeSeconds })) return undefined;
  const body = slackBodyOf(request.body, request.headers['content-type'] ?? '');
  return body && { body, headers: request.headers };
}

/** What is known of a request before the app reads it: see SlackRequest. */
export type Known = Pick<SlackRequest, 'isOurs' | 'form'>;

/** Slack's requests as another function hands them on. They have been acknowledged already. */
export function createLambdaReceiver() {
  let app: App | undefined;
  return {
    init(given: App) {
      app = given;
    },
    start: async () => undefined,
    stop: async () => undefined,
    async receive({ body, headers }: VerifiedRequest, known: Known = {}) {
      const { 'x-slack-retry-num': retryNum } = headers;
      await app?.processEvent({
        body,
        ack: async () => undefined,
        ...(retryNum !== undefined && { retryNum: Number(retryNum) }),
        customProperties: { ...known, isAcknowledged: true },
      });
    },
  };
}
export type LambdaReceiver = ReturnType<typeof createLambdaReceiver>;

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

  async function tell(body: SlackBody, message: Message, form: Known['form']): Promise<void> {
    if (form && (await isShownInForm({ message }, form, { client: client(), log }))) return;
    const { submittedIn } = await import('./actions/submission.ts');
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
    if (failure) log.error({ ...failure }, couldNotTell);
  }

  return ({ body }: VerifiedRequest, { kind, errorId }: BotFailure, form: Known['form']): Promise<void> => {
    const view = kind === 'interrupted' ? interruptedView() : unexpectedErrorView();
    const message = withErrorId(view, errorId);
    return tell(body, message, form).catch((error: unknown) =>
      log.error({ ...slackFailureFrom(error), errorId }, couldNotTell),
    );
  };
}

const couldNotTell = 'could not send the error message to the person';

function mentionedIn(event: unknown): Place | undefined {
  const [user, channel, thread] = [idIn(event, 'user'), idIn(event, 'channel'), tsIn(event, 'thread_ts')];
  if (valueAt(event, 'type') !== 'app_mention' || valueAt(event, 'bot_id') !== undefined) return undefined;
  if (!user || !channel) return undefined;
  return { user, channel, ...(thread !== undefined && { thread_ts: thread }) };
}
