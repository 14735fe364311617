import { createTimeLimit } from '../../aws/time-limit.ts';
import type { Log } from '../../operations/log.ts';
import {
  headerFault,
  headersIn,
  isForTheBot,
  isObject,
  type NotFromSlack,
  type SignedRequest,
  type SlackBody,
  signatureFault,
  slackBodyOf,
} from '../../slack/signed-request.ts';

export type FrontParts = {
  signingSecret: () => Promise<string>;
  /** Resolves once the worker is started. Rejects when that is not certain. */
  handOn: (request: SignedRequest, signal: AbortSignal) => Promise<void>;
  clock: () => number;
  log: Pick<Log, 'warn' | 'error'>;
};

/** Slack's requests are far smaller, and Lambda limits the size of events. */
const longestBody = 200_000;
const maxAgeSeconds = 5 * 60;
/** Slack waits three seconds, including the way here and back. */
const answerWithinMs = 2_200;

/** Checks requests from the internet, passes those that Slack signed on to the worker, and answers at once. It never throws. */
export function createFrontHandler(parts: FrontParts): (event: unknown) => Promise<WebAnswer> {
  return async (event) => {
    try {
      return await answered(webRequestOf(event), parts);
    } catch (error) {
      parts.log.error({ error: inWords(error) }, 'request failed');
      return webAnswer(500);
    }
  };
}

async function answered(request: WebRequest, { signingSecret, clock, log, handOn }: FrontParts) {
  const began = performance.now();
  if (request.method !== 'POST') return webAnswer(405);
  if (Buffer.byteLength(request.body) > longestBody) return webAnswer(413);
  const body = slackBodyOf(request.body, request.headers['content-type'] ?? '');
  if (body?.['ssl_check'] === '1') return webAnswer(200);
  const refused = (why: NotFromSlack) => {
    log.warn({ status: 401, why }, 'request rejected');
    return webAnswer(401);
  };
  const age = { now: clock(), maxAgeSeconds };
  // Checked before the secret is read, which costs a call.
  const shown = headerFault(request.headers, age);
  if (shown) return refused(shown);
  const fault = signatureFault(request, { ...age, signingSecret: await signingSecret() });
  if (fault) return refused(fault);
  if (body?.['type'] === 'url_verification') return webAnswer(200, { challenge: body['challenge'] });
  if (!body || !isForTheBot(body)) return webAnswer(400);
  try {
    const leftMs = answerWithinMs - (performance.now() - began);
    await createTimeLimit(leftMs)((signal) => handOn(handedOn(request), signal));
    return webAnswer(200);
  } catch (error) {
    log.error({ error: inWords(error) }, 'could not start the worker');
    return notHandedOn(body);
  }
}

const headersHandedOn = [
  'content-type',
  'x-slack-signature',
  'x-slack-request-timestamp',
  'x-slack-retry-num',
  'x-slack-retry-reason',
];

function handedOn({ body, headers }: WebRequest): SignedRequest {
  return {
    body,
    headers: Object.fromEntries(
      headersHandedOn.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])),
    ),
  };
}

/** Slack shows the answer to a command in private. For everything else it shows its own error, or tries again. */
function notHandedOn(body: SlackBody): WebAnswer {
  if (body['command'] === undefined) return webAnswer(503);
  const text = '⚠️ The bot may not have received this. If you get no answer in a minute, try again.';
  return webAnswer(200, { response_type: 'ephemeral', text });
}

/** Name and message only: an AWS error also carries the request. */
function inWords(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** A request to a function URL or an HTTP API, payload format 2.0. The event may be anything. */
type WebRequest = { method: string } & SignedRequest;

function webRequestOf(event: unknown): WebRequest {
  const { body, headers, isBase64Encoded, requestContext } = isObject(event) ? event : {};
  const http = isObject(requestContext) && isObject(requestContext['http']) ? requestContext['http'] : {};
  const text = typeof body === 'string' ? body : '';
  return {
    method: String(http['method'] ?? ''),
    body: isBase64Encoded === true ? Buffer.from(text, 'base64').toString('utf8') : text,
    headers: headersIn(headers),
  };
}

export type WebAnswer = { statusCode: number; headers?: Record<string, string>; body: string };

function webAnswer(statusCode: number, content?: object): WebAnswer {
  if (!content) return { statusCode, body: '' };
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(content) };
}
