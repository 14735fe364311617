import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import type { AwsFaults } from './faults.ts';
import type { Handle } from './loopback-server.ts';
import { accountOfRole } from './queue-place.ts';
import { accessDenied, expiredToken, missingToken, type Refusal, sendRefusal } from './refusal.ts';
import { type AwsRequest, recordRequest } from './request-log.ts';
import { type LocalSession, type LocalSessions, userArnOf } from './sessions.ts';
import { type Signature, signatureOf } from './signature.ts';
import { meetTrouble } from './trouble.ts';
import { escapeXml } from './xml.ts';

export type LocalRole = {
  arn: string;
  /** When set, only who names it may assume the role. */
  externalId?: string;
  /** Actions the role may not use, for example `sqs:GetQueueAttributes`. */
  denied?: string[];
};

export type LocalStsParts = {
  roles: readonly LocalRole[];
  sessions: LocalSessions;
  sessionSeconds: number | undefined;
  faults: AwsFaults;
  requests: AwsRequest[];
  clock: () => number;
};

type Params = Record<string, string>;
type Answer = { xml: string } | { refusal: Refusal };

/** The account and user that the bot's own keys belong to, whatever keys they are. */
const botAccount = '999900001111';
const botUser = `arn:aws:iam::${botAccount}:user/dlq-tasks`;

/** AssumeRole and GetCallerIdentity, in the query protocol. */
export function createLocalSts(parts: LocalStsParts): Handle {
  return async (request, response) => {
    const params = Object.fromEntries(new URLSearchParams(await text(request)));
    const signature = signatureOf(request);
    if (!signature) return sendRefusal(response, 'STS', missingToken);
    const { accessKeyId, region } = signature;
    const call = { service: 'STS', action: params['Action'] ?? '', role: params['RoleArn'] ?? '' } as const;
    recordRequest(parts.requests, { ...call, params, accessKeyId, region, at: parts.clock() }, response);
    const session = parts.sessions.find(accessKeyId);
    const userArn = session ? userArnOf(session) : botUser;
    const expire = () => session && parts.sessions.expire(session);
    const asker = { userArn, resource: call.role, expire };
    if (await meetTrouble(parts.faults, call, { request, response, ...asker })) return;
    const answer = answerOf(params, { ...parts, signature, session, userArn });
    if ('refusal' in answer) return sendRefusal(response, 'STS', answer.refusal);
    response.writeHead(200, { 'content-type': 'text/xml' }).end(answer.xml);
  };
}

type Asked = LocalStsParts & { signature: Signature; session: LocalSession | undefined; userArn: string };

function answerOf(params: Params, asked: Asked): Answer {
  if (asked.session && asked.sessions.isOver(asked.session)) return { refusal: expiredToken };
  switch (params['Action']) {
    case 'AssumeRole':
      return assumeRole(params, asked);
    case 'GetCallerIdentity':
      return { xml: callerIdentity(asked) };
    default:
      return { refusal: { status: 400, code: 'InvalidAction', message: 'Could not find operation.' } };
  }
}

function assumeRole(params: Params, { roles, sessions, sessionSeconds, userArn }: Asked): Answer {
  const { RoleArn = '', RoleSessionName = '', ExternalId, DurationSeconds } = params;
  if (!/^[\w+=,.@-]{2,64}$/.test(RoleSessionName) || RoleArn.length < 20) {
    const message =
      "1 validation error detected: Value at 'roleSessionName' or 'roleArn' failed to satisfy constraint";
    return { refusal: { status: 400, code: 'ValidationError', message } };
  }
  const role = roles.find(({ arn }) => arn === RoleArn);
  const isTrusted = role && (role.externalId === undefined || role.externalId === ExternalId);
  if (!isTrusted) return { refusal: accessDenied(userArn, 'sts:AssumeRole', RoleArn) };
  const seconds = sessionSeconds ?? (Number(DurationSeconds) || 3600);
  return { xml: assumed(sessions.issue(RoleArn, RoleSessionName, seconds)) };
}

function assumed(session: LocalSession): string {
  return resultXml(
    'AssumeRole',
    `<AssumedRoleUser>
      <Arn>${escapeXml(userArnOf(session))}</Arn>
      <AssumedRoleId>AROALOCALSANDBOX:${escapeXml(session.sessionName)}</AssumedRoleId>
    </AssumedRoleUser>
    <Credentials>
      <AccessKeyId>${session.accessKeyId}</AccessKeyId>
      <SecretAccessKey>${session.secretAccessKey}</SecretAccessKey>
      <SessionToken>${session.sessionToken}</SessionToken>
      <Expiration>${new Date(session.expiresAt).toISOString()}</Expiration>
    </Credentials>`,
  );
}

function callerIdentity({ session, userArn, signature }: Asked): string {
  return resultXml(
    'GetCallerIdentity',
    `<Arn>${escapeXml(userArn)}</Arn>
    <UserId>${escapeXml(signature.accessKeyId)}</UserId>
    <Account>${session ? accountOfRole(session.roleArn) : botAccount}</Account>`,
  );
}

function resultXml(action: string, content: string): string {
  return `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <${action}Result>${content}</${action}Result>
  <ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata>
</${action}Response>`;
}
