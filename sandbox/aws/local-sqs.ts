import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Emulators } from './emulators.ts';
import type { AwsFaults } from './faults.ts';
import type { LocalRole } from './local-sts.ts';
import type { Handle } from './loopback-server.ts';
import { accountOfRole, arnOf, placeOf, type QueuePlace } from './queue-place.ts';
import {
  accessDenied,
  expiredToken,
  missingToken,
  type Refusal,
  sendRefusal,
  unknownKey,
} from './refusal.ts';
import { type AwsRequest, recordRequest } from './request-log.ts';
import type { ScriptedAnswers } from './scripted-answers.ts';
import { type LocalSession, type LocalSessions, userArnOf } from './sessions.ts';
import { type Signature, signatureOf } from './signature.ts';
import { meetTrouble } from './trouble.ts';

export type LocalSqsParts = {
  roles: readonly LocalRole[];
  sessions: LocalSessions;
  faults: AwsFaults;
  requests: AwsRequest[];
  scripted: ScriptedAnswers;
  emulators: Emulators;
  /** The sandbox's own role: it may all, and is neither recorded nor disturbed. */
  isCaretaker(session: LocalSession): boolean;
  clock: () => number;
};

type Exchange = { request: IncomingMessage; response: ServerResponse; body: string };
type Params = Record<string, unknown>;

/** Stands before the emulators, which know no keys, roles and accounts, and asks for them as AWS does. */
export function createLocalSqs(parts: LocalSqsParts): Handle {
  return async (request, response) => {
    const exchange = { request, response, body: await text(request) };
    const refuse = (refusal: Refusal) => sendRefusal(response, 'SQS', refusal);
    const action = String(request.headers['x-amz-target'] ?? '').split('.')[1];
    const params = paramsOf(exchange.body);
    if (!action || !params) return refuse(notJson);
    const signature = signatureOf(request);
    if (!signature) return refuse(missingToken);
    const session = parts.sessions.find(signature.accessKeyId);
    if (session && parts.isCaretaker(session))
      return forward(parts, action, params, session, signature, exchange);

    const { accessKeyId, region } = signature;
    const call = { service: 'SQS', action, role: session?.roleArn ?? '' } as const;
    recordRequest(parts.requests, { ...call, params, accessKeyId, region, at: parts.clock() }, response);
    if (!session || signature.sessionToken !== session.sessionToken) return refuse(unknownKey);
    const place = placeAsked(params, session, signature);
    const asker = {
      userArn: userArnOf(session),
      resource: arnOf(place),
      expire: () => parts.sessions.expire(session),
    };
    if (await meetTrouble(parts.faults, call, { request, response, ...asker })) return;
    if (parts.sessions.isOver(session)) return refuse(expiredToken);
    if (!isAllowed(parts.roles, session, place, `sqs:${action}`)) {
      return refuse(accessDenied(asker.userArn, `sqs:${action}`, asker.resource));
    }
    if (place.region !== region) return refuse(elsewhere);
    return forward(parts, action, params, session, signature, exchange);
  };
}

async function forward(
  { scripted, emulators }: LocalSqsParts,
  action: string,
  params: Params,
  session: LocalSession,
  signature: Signature,
  exchange: Exchange,
): Promise<void> {
  const place = placeAsked(params, session, signature);
  const answer = scripted.answerTo(action, arnOf(place));
  if (!answer) return emulators.answer(place, exchange);
  exchange.response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(answer.json);
}

function paramsOf(body: string): Params | undefined {
  try {
    const params: unknown = JSON.parse(body || '{}');
    return typeof params === 'object' && params !== null ? { ...params } : undefined;
  } catch {
    return undefined;
  }
}

/** Requests name a queue by ARN, URL or name; some name none. */
function placeAsked(params: Params, session: LocalSession, { region }: Signature): QueuePlace {
  const { SourceArn, QueueUrl, QueueName } = params;
  if (typeof SourceArn === 'string' && /^arn:[^:]+:sqs:[^:]+:[^:]+:.+/.test(SourceArn))
    return placeOf(SourceArn);
  const [, accountId, name] = /\/(\d{12})\/([^/]+)$/.exec(String(QueueUrl ?? '')) ?? [];
  if (accountId && name) return { accountId, region, name };
  return { accountId: accountOfRole(session.roleArn), region, name: String(QueueName ?? '*') };
}

/** SQS refuses roles of other accounts for these actions, whatever the queue's policy says. */
function isAllowed(
  roles: readonly LocalRole[],
  session: LocalSession,
  place: QueuePlace,
  action: string,
): boolean {
  const role = roles.find(({ arn }) => arn === session.roleArn);
  const isDenied = role?.denied?.some((it) => it.toLowerCase() === action.toLowerCase());
  return role !== undefined && !isDenied && accountOfRole(session.roleArn) === place.accountId;
}

const notJson: Refusal = {
  status: 400,
  code: 'UnsupportedOperation',
  message: 'The sandbox speaks the JSON protocol of SQS only.',
};
const elsewhere: Refusal = {
  status: 404,
  code: 'ResourceNotFoundException',
  message: "The resource that you specified for the SourceArn parameter doesn't exist.",
};
