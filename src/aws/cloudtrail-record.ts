import * as z from 'zod';
import type { StartCall } from '../domain/following/start-call.ts';
import { parseQueueArn, partitionOfRegion } from '../domain/queue.ts';
import { parseQueueReference } from '../domain/queue-reference.ts';
import { fieldsOf } from '../domain/unknown-value.ts';

/** Anything that is not text is dropped. */
const text = z.string().optional().catch(undefined);

/**
 * The named fields, ignoring case: CloudTrail does not spell SQS's parameters the same way in every record. All other
 * fields are left out.
 */
function anyCase<S extends z.ZodRawShape>(shape: S) {
  const names = Object.keys(shape);
  return z.preprocess((value) => {
    const given = new Map(Object.entries(fieldsOf(value)).map(([name, one]) => [name.toLowerCase(), one]));
    return Object.fromEntries(names.map((name) => [name, given.get(name.toLowerCase())]));
  }, z.object(shape));
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html */
const UserIdentity = anyCase({
  type: text,
  userName: text,
  arn: text,
  principalId: text,
  accountId: text,
  invokedBy: text,
  invokedByDelegate: anyCase({ accountId: text }),
  onBehalfOf: anyCase({ userId: text }),
  sessionContext: anyCase({ sourceIdentity: text, sessionIssuer: anyCase({ userName: text }) }),
});
type UserIdentity = z.infer<typeof UserIdentity>;

/** The fields that are read: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html */
const CloudTrailRecord = anyCase({
  eventSource: text,
  eventName: text,
  eventTime: text,
  awsRegion: text,
  userAgent: text,
  errorCode: z.unknown(),
  userIdentity: UserIdentity,
  requestParameters: anyCase({ sourceArn: text, queueUrl: text }),
  responseElements: anyCase({ taskHandle: text }),
  resources: z.array(anyCase({ ARN: text })).catch([]),
});
type CloudTrailRecord = z.infer<typeof CloudTrailRecord>;

const TaskHandle = anyCase({ sourceArn: text });

/** Reads any CloudTrail record; undefined for other calls and for rejected ones. */
export function startCallIn(given: unknown): StartCall | undefined {
  const record = CloudTrailRecord.parse(given);
  if (record.eventSource !== 'sqs.amazonaws.com' || record.eventName !== 'StartMessageMoveTask')
    return undefined;
  const at = Date.parse(record.eventTime ?? '');
  const queueArn = queueIn(record);
  if (isError(record.errorCode) || queueArn === undefined || Number.isNaN(at)) return undefined;
  const by = starterIn(record.userIdentity, record.userAgent);
  return { queueArn, at, ...(by !== undefined && { by }) };
}

function isError(code: unknown): boolean {
  return typeof code === 'string' ? code.trim() !== '' : code !== undefined && code !== null;
}

/** A record may not have the request, or only the queue's URL. */
function queueIn({ requestParameters, responseElements, resources, awsRegion }: CloudTrailRecord) {
  return (
    queueArn(requestParameters.sourceArn) ??
    arnOfUrl(requestParameters.queueUrl, awsRegion) ??
    queueOfHandle(responseElements.taskHandle) ??
    onlyQueueIn(resources)
  );
}

function queueArn(given: string | undefined): string | undefined {
  return given !== undefined && parseQueueArn(given) ? given : undefined;
}

function arnOfUrl(url: string | undefined, awsRegion: string | undefined): string | undefined {
  const reference = parseQueueReference(url ?? '');
  if (reference?.kind !== 'url') return undefined;
  const region = awsRegion ?? reference.region ?? '';
  const partition = partitionOfRegion(region) ?? 'aws';
  return queueArn(`arn:${partition}:sqs:${region}:${reference.accountId}:${reference.name}`);
}

/** Base64 of JSON. Anyone with a handle can cancel the task: return only the queue, and no error that quotes the handle. */
function queueOfHandle(handle: string | undefined): string | undefined {
  try {
    const contents: unknown = JSON.parse(Buffer.from(handle ?? '', 'base64').toString());
    return queueArn(TaskHandle.parse(contents).sourceArn);
  } catch {
    return undefined;
  }
}

/** A task has a source and often a destination: a single queue is the source. */
function onlyQueueIn(resources: CloudTrailRecord['resources']): string | undefined {
  const queues = resources.flatMap(({ ARN }) => queueArn(ARN) ?? []);
  return queues.length === 1 ? queues[0] : undefined;
}

const longestName = 100;
const longestAccount = 20;
/** The prefix of IAM Identity Center's roles. Their sessions are named after the person, so the role is not shown. */
const identityCenterRole = /^AWSReservedSSO_/;
/** Not informative: AWS made the call for the identity in the other fields. */
const itself = 'AWS Internal';

const [ecs, scheduler, stepFunctions] = ['ECS', 'EventBridge Scheduler', 'Step Functions'];
const servicesByPrincipal = new Map([
  ['ecs.amazonaws.com', ecs],
  ['ecs-tasks.amazonaws.com', ecs],
  ['scheduler.amazonaws.com', scheduler],
  ['states.amazonaws.com', stepFunctions],
]);
/** Scheduler itself runs on ECS. */
const servicesByAgent = [
  { agent: /AmazonEventBridgeScheduler/, service: scheduler },
  { agent: /\bexec-env\/AWS_ECS_/, service: ecs },
];

/** The id of an ECS task or the hash of a schedule. */
const numberName = /^(?:[0-9a-f]{32}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})$/i;
/** Step Functions generates 32 letters. Elsewhere a person may have chosen such a name. */
const randomLetters = /^[A-Za-z]{32}$/;

type Starter = { name?: string | undefined; role?: string | undefined; service?: string | undefined };

/** Who made a call, in short. Untrusted: escape it. */
function starterIn(identity: UserIdentity, userAgent = ''): string | undefined {
  const { accountId, invokedByDelegate } = identity;
  const who = inWords(identity.type === 'AssumedRole' ? ofSession(identity, userAgent) : ofOther(identity));
  const delegate = clean(invokedByDelegate.accountId, longestAccount);
  if (delegate === undefined || delegate === accountId) return clean(who);
  if (who === undefined) return clean(`account ${delegate}`);
  const tail = `, delegated to account ${delegate}`;
  return clean(`${clean(who, longestName - tail.length)}${tail}`);
}

function inWords({ name, role, service }: Starter): string | undefined {
  const asRole = role === undefined ? '' : ` as ${role}`;
  if (name !== undefined) return `${name}${asRole}${service === undefined ? '' : ` through ${service}`}`;
  if (service !== undefined) return `${service}${asRole}`;
  return role === undefined ? undefined : `role ${role}`;
}

/** The session has a person's name or a generated one; a source identity was set for this very purpose. */
function ofSession(identity: UserIdentity, userAgent: string): Starter {
  const { arn, principalId, sessionContext } = identity;
  const service = serviceBehind(identity);
  // Stated by the caller: good enough if the session has no name.
  const named = servicesByAgent.find(({ agent }) => agent.test(userAgent));
  const session = lastPart(arn, '/') ?? lastPart(principalId, ':');
  const isNumber =
    numberName.test(session ?? '') || (service === stepFunctions && randomLetters.test(session ?? ''));
  const name = clean(sessionContext.sourceIdentity) ?? (isNumber ? undefined : session);
  const role =
    clean(sessionContext.sessionIssuer.userName) ?? /:assumed-role\/([^/]+)\//.exec(arn ?? '')?.[1];
  if (name === undefined) return { role, service: service ?? (isNumber ? named?.service : undefined) };
  return { name, service, ...(!identityCenterRole.test(role ?? '') && { role }) };
}

function ofOther(identity: UserIdentity): Starter {
  const service = serviceBehind(identity);
  switch (identity.type) {
    case 'Root':
      return { name: 'the root user', service };
    case 'FederatedUser':
      return { name: lastPart(identity.arn, '/') ?? lastPart(identity.principalId, ':'), service };
    case 'IdentityCenterUser':
      return { name: labeled('Identity Center user', identity.onBehalfOf.userId), service };
    case 'AWSAccount':
      return { name: labeled('account', identity.accountId), service };
    case 'AWSService':
      return { service };
    default:
      return { name: clean(identity.userName) ?? lastPart(identity.arn, '/'), service };
  }
}

/** Stated by AWS. */
function serviceBehind({ invokedBy }: UserIdentity): string | undefined {
  const service = clean(invokedBy);
  return service === itself ? undefined : (servicesByPrincipal.get(service ?? '') ?? service);
}

function labeled(what: string, id: string | undefined): string | undefined {
  const which = clean(id);
  return which === undefined ? undefined : `${what} ${which}`;
}

function lastPart(text: string | undefined, separator: string): string | undefined {
  const at = text?.lastIndexOf(separator) ?? -1;
  return at < 0 ? undefined : clean(text?.slice(at + 1));
}

/** One line, truncated without splitting a character. */
function clean(text: string | undefined, longest = longestName): string | undefined {
  const line = (text ?? '').replace(/[\s\p{C}]+/gu, ' ').trim();
  return (
    line
      .slice(0, longest)
      .replace(/[\uD800-\uDBFF]$/, '')
      .trimEnd() || undefined
  );
}
