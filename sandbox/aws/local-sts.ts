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
  /** If set, only a caller with this external id may assume the role. */
  externalId?: string;
  /** Access key ids of the only callers whom its trust policy names. Absent: everybody. */
  callers?: string[];
  /** Actions the role may not use, for example `sqs:GetQueueAttributes`, or `sqs:GetQueueAttributes on orders`. */
  denied?: string[];
  /** May start and cancel redrives. Absent: read-only. */
  redrives?: boolean;
  /** What its trust policy allows besides `sts:AssumeRole`, for example `sts:SetSourceIdentity`. */
  trust?: string[];
};

/** The bot as it calls STS with its own keys. */
export type LocalCaller = {
  /** Actions it may not use, for example `sts:SetSourceIdentity`. */
  denied?: string[];
  /** A source identity that its own session already has, and that nobody can replace. */
  sourceIdentity?: string;
};

export type LocalStsParts = {
  roles: readonly LocalRole[];
  sessions: LocalSessions;
  sessionSeconds: number | undefined;
  caller: LocalCaller;
  faults: AwsFaults;
  requests: AwsRequest[];
  clock: () => number;
};

type Params = Record<string, string>;
type Answer = { xml: string } | { refusal: Refusal };

/** The account and user of the bot's own keys, whatever keys they are. */
const botAccount = '999900001111';
const botUser = `arn:aws:iam::${botAccount}:user/dlq-tasks`;

/** Those keys as SQS sees them: of a user who may do everything in the account. */
export const ownKeys: LocalSession = {
  accessKeyId: '',
  secretAccessKey: '',
  sessionToken: '',
  expiresAt: Number.POSITIVE_INFINITY,
  roleArn: botUser,
  sessionName: '',
};

/** AssumeRole and GetCallerIdentity, in the query protocol. */
export function createLocalSts(parts: LocalStsParts): Handle {
  return async (request, response) => {
    const params = Object.fromEntries(new URLSearchParams(await text(request)));
    const signature = signatureOf(request);
    if (!signature) return sendRefusal(response, 'STS', missingToken);
    const { accessKeyId, region } = signature;
    const [action = '', role = ''] = [params['Action'], params['RoleArn']];
    const call = { service: 'STS', action, role, region } as const;
    recordRequest(parts.requests, { ...call, params, accessKeyId, at: parts.clock() }, response);
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

function assumeRole(params: Params, { roles, sessions, sessionSeconds, userArn, ...asked }: Asked): Answer {
  const { RoleArn = '', RoleSessionName = '', ExternalId, DurationSeconds } = params;
  const complaint = complaintAbout(params);
  if (complaint) return { refusal: { status: 400, code: 'ValidationError', message: complaint } };
  const denied = (action: string) => ({ refusal: accessDenied(userArn, action, RoleArn) });
  const role = roles.find(({ arn }) => arn === RoleArn);
  const isNamed = role?.callers?.includes(asked.signature.accessKeyId) ?? true;
  const hasExternalId = role?.externalId === undefined || role.externalId === ExternalId;
  if (!role || !isNamed || !hasExternalId) return denied('sts:AssumeRole');
  const missing = actionsBeside(params, asked).find(
    (action) => !role.trust?.includes(action) || (!asked.session && asked.caller.denied?.includes(action)),
  );
  if (missing) return denied(missing);
  const inherited = inheritedIdentity(asked);
  if (inherited && (params['SourceIdentity'] ?? inherited) !== inherited) return denied(setSourceIdentity);
  const seconds = sessionSeconds ?? (Number(DurationSeconds) || 3600);
  const sourceIdentity = params['SourceIdentity'] ?? inherited;
  return {
    xml: assumed(sessions.issue({ roleArn: RoleArn, sessionName: RoleSessionName, sourceIdentity, seconds })),
  };
}

const setSourceIdentity = 'sts:SetSourceIdentity';
const name = /^[\w+=,.@-]{2,64}$/;

/** What AWS would reject, whoever asks. */
function complaintAbout(params: Params): string | undefined {
  const { RoleArn = '', RoleSessionName = '', SourceIdentity, DurationSeconds } = params;
  const failed = (what: string) =>
    `1 validation error detected: Value at ${what} failed to satisfy constraint`;
  if (!name.test(RoleSessionName) || RoleArn.length < 20) return failed("'roleSessionName' or 'roleArn'");
  if (SourceIdentity !== undefined && !name.test(SourceIdentity)) return failed("'sourceIdentity'");
  if (Number(DurationSeconds ?? 3600) < 900) return failed("'durationSeconds'");
  if (Number(DurationSeconds ?? 3600) <= 3600) return undefined;
  return 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.';
}

/** What the role's trust policy and the caller's own permissions must allow, too. */
function actionsBeside(params: Params, asked: Pick<Asked, 'session' | 'caller'>): string[] {
  const hasTags = Object.keys(params).some((param) => param.startsWith('Tags.'));
  const isNamed = params['SourceIdentity'] !== undefined || inheritedIdentity(asked) !== undefined;
  return [...(isNamed ? [setSourceIdentity] : []), ...(hasTags ? ['sts:TagSession'] : [])];
}

/** A source identity stays through a chain of roles. */
function inheritedIdentity({ session, caller }: Pick<Asked, 'session' | 'caller'>): string | undefined {
  return session ? session.sourceIdentity : caller.sourceIdentity;
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
    </Credentials>
    ${session.sourceIdentity ? `<SourceIdentity>${escapeXml(session.sourceIdentity)}</SourceIdentity>` : ''}`,
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
