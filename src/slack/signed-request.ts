import { createHmac, timingSafeEqual } from 'node:crypto';
import { parse } from 'node:querystring';
import { checkShortcut, commandName, startFormId } from './commands.ts';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** A request as Slack sent it: the body byte for byte, header names in lower case. */
export type SignedRequest = { body: string; headers: Readonly<Record<string, string | undefined>> };

/** The headers of an event, which may be anything: those that are texts. */
export function headersIn(headers: unknown): SignedRequest['headers'] {
  return Object.fromEntries(
    Object.entries(isObject(headers) ? headers : {}).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name.toLowerCase(), value]] : [],
    ),
  );
}

export type SignatureRule = {
  signingSecret: string;
  /** Epoch milliseconds. */
  now: number;
  /** Slack recommends five minutes for the first receiver. */
  maxAgeSeconds: number;
};

/** Why a request is not accepted as Slack's. `future`: this machine's clock may be slow. */
export type NotFromSlack = 'unsigned' | 'stale' | 'future' | 'wrong secret';

/** What the headers alone show, before a body or a secret is read. */
export function headerFault(
  headers: Headers,
  { now, maxAgeSeconds }: Omit<SignatureRule, 'signingSecret'>,
): NotFromSlack | undefined {
  const { 'x-slack-signature': signature, 'x-slack-request-timestamp': signedAt } = headers;
  if (typeof signature !== 'string' || typeof signedAt !== 'string') return 'unsigned';
  if (!/^v0=[0-9a-f]{64}$/.test(signature) || !/^\d{1,12}$/.test(signedAt)) return 'unsigned';
  const ageSeconds = now / 1_000 - Number(signedAt);
  if (Math.abs(ageSeconds) <= maxAgeSeconds) return undefined;
  return ageSeconds > 0 ? 'stale' : 'future';
}

/** https://docs.slack.dev/authentication/verifying-requests-from-slack */
export function signatureFault(
  { body, headers }: { body: string; headers: Headers },
  rule: SignatureRule,
): NotFromSlack | undefined {
  const fault = headerFault(headers, rule);
  if (fault) return fault;
  if (rule.signingSecret === '') return 'wrong secret';
  const { 'x-slack-signature': signature, 'x-slack-request-timestamp': signedAt } = headers;
  const hash = createHmac('sha256', rule.signingSecret).update(`v0:${signedAt}:${body}`).digest('hex');
  return timingSafeEqual(Buffer.from(String(signature)), Buffer.from(`v0=${hash}`))
    ? undefined
    : 'wrong secret';
}

export type SlackBody = Record<string, unknown>;

/** The parsed body; undefined if it is not an object. */
export function slackBodyOf(raw: string, contentType: string): SlackBody | undefined {
  try {
    const body: unknown = contentType.startsWith('application/x-www-form-urlencoded')
      ? formOf(raw)
      : JSON.parse(raw);
    return isObject(body) ? { ...body } : undefined;
  } catch {
    return undefined;
  }
}

function formOf(raw: string): unknown {
  const form = parse(raw);
  return typeof form['payload'] === 'string' ? JSON.parse(form['payload']) : form;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What is there in a body, in which anything may be missing. */
export function valueAt(body: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), body);
}

/** Whether a request has the shape of something the bot answers. Its handler parses it again in detail. */
export function isForTheBot(body: SlackBody): boolean {
  const has = (...path: string[]) => isText(valueAt(body, ...path));
  switch (body['type']) {
    case undefined:
      return body['command'] === commandName && has('user_id') && has('channel_id');
    case 'block_actions': {
      const { actions } = body;
      return (
        has('user', 'id') &&
        Array.isArray(actions) &&
        actions.every((one) => isText(valueAt(one, 'action_id')))
      );
    }
    case 'message_action':
      return has('user', 'id') && body['callback_id'] === checkShortcut.callbackId;
    case 'view_submission':
      return has('user', 'id') && valueAt(body, 'view', 'callback_id') === startFormId;
    case 'event_callback':
      return has('event', 'type');
    default:
      return false;
  }
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
