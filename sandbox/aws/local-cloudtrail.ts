import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { AwsFaults } from './faults.ts';
import type { LocalRole } from './local-sts.ts';
import type { Handle } from './loopback-server.ts';
import { accountOfRole, placeOf } from './queue-place.ts';
import {
  accessDenied,
  expiredToken,
  missingToken,
  type Refusal,
  sendRefusal,
  unknownKey,
} from './refusal.ts';
import { type AwsRequest, recordRequest } from './request-log.ts';
import { identityOf, type LocalSession, type LocalSessions, userArnOf } from './sessions.ts';
import { signatureOf } from './signature.ts';
import { meetTrouble } from './trouble.ts';

/** A StartMessageMoveTask call. */
export type StartedTask = {
  queueArn: string;
  /** Epoch milliseconds; absent: now. */
  at?: number;
  /**
   * As CloudTrail records it. Absent: that of the session, or else Ada, signed in with IAM Identity Center.
   */
  userIdentity?: Record<string, unknown>;
  session?: LocalSession;
  /** SQS refused it. */
  errorCode?: string;
  /** Fields that replace what CloudTrail usually writes. */
  record?: Record<string, unknown>;
};

export type LocalCloudTrail = ReturnType<typeof createLocalCloudTrail>;

type Parts = {
  roles: readonly LocalRole[];
  sessions: LocalSessions;
  faults: AwsFaults;
  requests: AwsRequest[];
  /** How late the event history is. */
  delayMs: number;
  clock: () => number;
};

const pageSize = 50;
const action = 'cloudtrail:LookupEvents';

/** The event history of all accounts, with only one kind of event, and LookupEvents for it. */
export function createLocalCloudTrail(parts: Parts) {
  const records: ReturnType<typeof recordOf>[] = [];

  function visibleTo({ roleArn }: LocalSession, region: string, asked: Record<string, unknown>) {
    const [attribute] = Array.isArray(asked['LookupAttributes']) ? asked['LookupAttributes'] : [];
    const from = Number(asked['StartTime'] ?? 0) * 1000;
    const to = Number(asked['EndTime'] ?? Infinity) * 1000;
    return records
      .filter(
        ({ recipientAccountId, awsRegion }) =>
          recipientAccountId === accountOfRole(roleArn) && awsRegion === region,
      )
      .filter(
        ({ eventName }) => attribute?.AttributeKey !== 'EventName' || attribute.AttributeValue === eventName,
      )
      .map((record) => ({ record, at: Date.parse(record.eventTime) }))
      .filter(({ at }) => at >= from && at <= to && at + parts.delayMs <= parts.clock())
      .toSorted((one, other) => other.at - one.at);
  }

  const handle: Handle = async (request, response) => {
    const body = await text(request);
    const refuse = (refusal: Refusal) => sendRefusal(response, 'CloudTrail', refusal);
    const signature = signatureOf(request);
    if (!signature) return refuse(missingToken);
    const { accessKeyId, region } = signature;
    const session = parts.sessions.find(accessKeyId);
    const name =
      String(request.headers['x-amz-target'] ?? '')
        .split('.')
        .at(-1) ?? '';
    const params: Record<string, unknown> = JSON.parse(body || '{}');
    const call = { service: 'CloudTrail', action: name, role: session?.roleArn ?? '', region } as const;
    recordRequest(parts.requests, { ...call, params, accessKeyId, at: parts.clock() }, response);
    if (!session) return refuse(unknownKey);
    const expire = () => parts.sessions.expire(session);
    const asker = { userArn: userArnOf(session), resource: '*', expire };
    if (await meetTrouble(parts.faults, call, { request, response, ...asker })) return;
    if (parts.sessions.isOver(session)) return refuse(expiredToken);
    const role = parts.roles.find(({ arn }) => arn === session.roleArn);
    if (role?.denied?.includes(action)) return refuse(accessDenied(asker.userArn, action, '*'));
    sendPage(response, visibleTo(session, region, params), params);
  };

  return {
    handle,
    record(started: StartedTask): void {
      records.push(recordOf(started, parts.clock()));
    },
  };
}

function sendPage(
  response: ServerResponse,
  found: readonly { record: ReturnType<typeof recordOf>; at: number }[],
  { NextToken, MaxResults }: Record<string, unknown>,
): void {
  const from = Number(NextToken ?? 0);
  const size = Math.min(Number(MaxResults ?? pageSize), pageSize);
  const Events = found.slice(from, from + size).map(({ record, at }) => ({
    EventId: record.eventID,
    EventName: record.eventName,
    EventSource: record.eventSource,
    EventTime: at / 1000,
    ReadOnly: 'false',
    Resources: [],
    CloudTrailEvent: JSON.stringify(record),
  }));
  const rest = from + size < found.length ? { NextToken: String(from + size) } : {};
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
  response.end(JSON.stringify({ Events, ...rest }));
}

function recordOf({ queueArn, at, userIdentity, session, errorCode, record }: StartedTask, now: number) {
  const { accountId, region } = placeOf(queueArn);
  return {
    eventVersion: '1.11',
    userIdentity: userIdentity ?? (session ? identityOf(session) : ada(accountId)),
    eventTime: `${new Date(at ?? now).toISOString().slice(0, 19)}Z`,
    eventSource: 'sqs.amazonaws.com',
    eventName: 'StartMessageMoveTask',
    awsRegion: region,
    sourceIPAddress: '203.0.113.7',
    userAgent: session ? 'aws-sdk-js' : 'Mozilla/5.0',
    ...(errorCode !== undefined && { errorCode, errorMessage: 'There is already a task running.' }),
    requestParameters: { sourceArn: queueArn },
    responseElements: errorCode === undefined ? { taskHandle: handleOf(queueArn) } : null,
    requestID: randomUUID(),
    eventID: randomUUID(),
    readOnly: false,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: accountId,
    eventCategory: 'Management',
    ...(!session && { sessionCredentialFromConsole: 'true' }),
    ...record,
  };
}

function handleOf(sourceArn: string): string {
  return Buffer.from(JSON.stringify({ taskId: randomUUID(), sourceArn })).toString('base64');
}

function ada(accountId: string) {
  const role = 'AWSReservedSSO_Operators_0123456789abcdef';
  return {
    type: 'AssumedRole',
    principalId: 'AROALOCALSANDBOX:ada@example.com',
    arn: `arn:aws:sts::${accountId}:assumed-role/${role}/ada@example.com`,
    accountId,
    sessionContext: {
      sessionIssuer: { type: 'Role', principalId: 'AROALOCALSANDBOX', accountId, userName: role },
      attributes: { mfaAuthenticated: 'false' },
    },
  };
}
