import * as z from 'zod';
import { fieldsOf } from '../domain/readable-items.ts';

/** Anything that is not text is dropped. */
export const text = z.string().optional().catch(undefined);

/**
 * The named fields, ignoring case: CloudTrail does not spell SQS's parameters the same way in every record. All other
 * fields are left out.
 */
export function anyCase<S extends z.ZodRawShape>(shape: S) {
  const names = Object.keys(shape);
  return z.preprocess((value) => {
    const given = new Map(Object.entries(fieldsOf(value)).map(([name, one]) => [name.toLowerCase(), one]));
    return Object.fromEntries(names.map((name) => [name, given.get(name.toLowerCase())]));
  }, z.object(shape));
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html */
export const UserIdentity = anyCase({
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
export function starterIn(identity: UserIdentity, userAgent = ''): string | undefined {
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
  const session = lastPart(arn, '/') ?? lastPart(principalId, ':');
  const isNumber =
    numberName.test(session ?? '') || (service === stepFunctions && randomLetters.test(session ?? ''));
  const name = clean(sessionContext.sourceIdentity) ?? (isNumber ? undefined : session);
  const role =
    clean(sessionContext.sessionIssuer.userName) ?? /:assumed-role\/([^/]+)\//.exec(arn ?? '')?.[1];
  if (name === undefined)
    return { role, service: service ?? (isNumber ? serviceNamedIn(userAgent) : undefined) };
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

/** Stated by the caller: good enough if the session has no name. */
function serviceNamedIn(userAgent: string): string | undefined {
  return servicesByAgent.find(({ agent }) => agent.test(userAgent))?.service;
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
