import type { App } from '@slack/bolt';
import type { SlackRequest } from './request.ts';
import {
  headersIn,
  isObject,
  type SignedRequest,
  type SlackBody,
  signatureFault,
  slackBodyOf,
} from './signed-request.ts';

export type VerifiedRequest = { body: SlackBody; headers: SignedRequest['headers'] };

/** The front accepts no request older than five minutes, and Lambda drops an event after three more. */
const maxAgeSeconds = 9 * 60;

/** Checks a forwarded request again: permission to invoke the function must not allow anyone to impersonate Slack. */
export function verifiedRequest(
  event: unknown,
  { signingSecret, now }: { signingSecret: string; now: number },
): VerifiedRequest | undefined {
  const request = requestOf(event);
  if (!request || signatureFault(request, { signingSecret, now, maxAgeSeconds })) return undefined;
  const body = slackBodyOf(request.body, request.headers['content-type'] ?? '');
  return body && { body, headers: request.headers };
}

function requestOf(event: unknown): SignedRequest | undefined {
  if (!isObject(event) || typeof event['body'] !== 'string' || !isObject(event['headers'])) return undefined;
  return { body: event['body'], headers: headersIn(event['headers']) };
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
