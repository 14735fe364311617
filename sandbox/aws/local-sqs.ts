import type { ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { SqsAnswer } from './emulators.ts';
import type { AwsFaults } from './faults.ts';
import type { LocalRole } from './local-sts.ts';
import type { Handle } from './loopback-server.ts';
import { accountOfRole, arnOf, placeAsked, type QueuePlace } from './queue-place.ts';
import {
  accessDenied,
  expiredToken,
  missingToken,
  type Refusal,
  sendRefusal,
  unknownKey,
} from './refusal.ts';
import { type AwsRequest, recordRequest } from './request-log.ts';
import { type LocalSession, type LocalSessions, userArnOf } from './sessions.ts';
import { signatureOf } from './signature.ts';
import { answerTo, type SqsAnswersParts } from './sqs-answers.ts';
import { loseAnswer, meetTrouble } from './trouble.ts';

export type LocalSqsParts = SqsAnswersParts & {
  roles: readonly LocalRole[];
  sessions: LocalSessions;
  faults: AwsFaults;
  requests: AwsRequest[];
  /** The sandbox's own role: it may do everything, and is neither recorded nor affected by faults. */
  isCaretaker(session: LocalSession): boolean;
  /** The identity of the bot's own keys, if they may use SQS. */
  own: LocalSession | undefined;
  clock: () => number;
};

type Params = Record<string, unknown>;

/** Sits in front of the emulators, which know no keys, roles or accounts, and checks them as AWS does. */
export function createLocalSqs(parts: LocalSqsParts): Handle {
  return async (request, response) => {
    const exchange = { request, response, body: await text(request) };
    const refuse = (refusal: Refusal) => sendRefusal(response, 'SQS', refusal);
    const action = String(request.headers['x-amz-target'] ?? '').split('.')[1];
    const params = paramsOf(exchange.body);
    if (!action || !params) return refuse(notJson);
    const signature = signatureOf(request);
    if (!signature) return refuse(missingToken);
    const isOwn = !signature.accessKeyId.startsWith('ASIA');
    const session = isOwn ? parts.own : parts.sessions.find(signature.accessKeyId);
    const { accessKeyId, region } = signature;
    const place = placeAsked(params, { accountId: accountOfRole(session?.roleArn ?? ''), region });
    const asked = { action, params, place };
    if (session && parts.isCaretaker(session)) {
      return send(response, await answerTo(parts, { ...asked, session: undefined }, exchange));
    }

    const call = { service: 'SQS', action, role: session?.roleArn ?? '', region } as const;
    const { sessionName, sourceIdentity } = session ?? {};
    const entry = {
      ...call,
      params,
      queueArn: arnOf(place),
      accessKeyId,
      sessionName,
      sourceIdentity,
      at: parts.clock(),
    };
    recordRequest(parts.requests, entry, response);
    if (!session || (signature.sessionToken ?? '') !== session.sessionToken) return refuse(unknownKey);
    const asker = {
      userArn: userArnOf(session),
      resource: arnOf(place),
      expire: () => parts.sessions.expire(session),
    };
    if (await meetTrouble(parts.faults, call, { request, response, ...asker })) return;
    if (parts.sessions.isOver(session)) return refuse(expiredToken);
    if (!isAllowed(parts, session, place, action)) {
      return refuse(accessDenied(asker.userArn, `sqs:${action}`, asker.resource));
    }
    if (place.region !== region) return refuse(elsewhere);
    const lost = parts.faults.strikeAnswer(call);
    const answer = await answerTo(parts, { ...asked, session }, exchange);
    if (lost && (await loseAnswer(lost, exchange))) return;
    send(response, answer);
  };
}

function send(response: ServerResponse, { status, headers = {}, body }: SqsAnswer): void {
  response.writeHead(status, headers).end(body);
}

function paramsOf(body: string): Params | undefined {
  try {
    const params: unknown = JSON.parse(body || '{}');
    return typeof params === 'object' && params !== null ? { ...params } : undefined;
  } catch {
    return undefined;
  }
}

/** Actions that change nothing; other actions need a role that allows more. */
const reading = /^(Get|List)/;

/** SQS rejects roles from other accounts for these actions, whatever the queue's policy says. */
function isAllowed(
  { roles, own }: LocalSqsParts,
  session: LocalSession,
  place: QueuePlace,
  action: string,
): boolean {
  const isInItsAccount = accountOfRole(session.roleArn) === place.accountId;
  if (session === own) return isInItsAccount;
  const role = roles.find(({ arn }) => arn === session.roleArn);
  const asked = `sqs:${action}`.toLowerCase();
  const isDenied = role?.denied?.some((it) =>
    [asked, `${asked} on ${place.name}`].includes(it.toLowerCase()),
  );
  const mayChange = role?.redrives ?? false;
  return role !== undefined && !isDenied && (mayChange || reading.test(action)) && isInItsAccount;
}

const notJson: Refusal = {
  status: 400,
  code: 'UnsupportedOperation',
  message: "The sandbox supports only SQS's JSON protocol.",
};
const elsewhere: Refusal = {
  status: 404,
  code: 'ResourceNotFoundException',
  message: "The resource that you specified for the SourceArn parameter doesn't exist.",
};
