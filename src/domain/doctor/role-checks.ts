import { type AwsError, areCredentialsRefused, codeAndMessage, type Outcome } from '../aws-error.ts';
import { explainAwsError, explainDenial, explainOwnCredentials } from '../explain-aws-error.ts';
import { principalOf } from '../policies.ts';
import type { Queue } from '../queue.ts';
import type { Role } from '../settings.ts';
import { type Explanation, type Phrase, phrase } from '../wording.ts';
import { type Check, faultCheck, okCheck, unprovenCheck } from './check.ts';

export type RoleInUse = { role: Role; queues: readonly [Queue, ...Queue[]] };

export function rolesInUse(queues: readonly Queue[]): RoleInUse[] {
  return rolesBy(queues, ({ role }) => role);
}

/** The roles that start and cancel. */
export function redriveRolesInUse(queues: readonly Queue[]): RoleInUse[] {
  return rolesBy(queues, ({ redrive }) => redrive?.role);
}

function rolesBy(queues: readonly Queue[], roleOf: (queue: Queue) => Role | undefined): RoleInUse[] {
  const roles = new Map<string, RoleInUse>();
  for (const queue of queues) {
    const role = roleOf(queue);
    if (!role) continue;
    const key = JSON.stringify([role.arn, role.externalId]);
    const known = roles.get(key);
    roles.set(key, { role, queues: known ? [...known.queues, queue] : [queue] });
  }
  return [...roles.values()];
}

export function identityCheck(identity: Outcome<{ arn: string }>): Check {
  const subject = 'identity';
  if (identity.ok) return okCheck('AWS', subject, phrase`the bot is ${identity.value.arn}`);
  const { awsError } = identity;
  const { kind, code } = awsError;
  if (isOfOwnCredentials(awsError)) {
    const { meaning, remedy } = explainOwnCredentials(awsError);
    return faultCheck('AWS', subject, meaning, remedy);
  }
  if (kind === 'clock-skewed') {
    return faultCheck(
      'AWS',
      subject,
      phrase`AWS rejected the request's timestamp or signature (${code}).`,
      phrase`Check the clock on the bot's machine.`,
    );
  }
  return faultCheck(
    'AWS',
    subject,
    phrase`Couldn't ask STS who the bot is: ${codeAndMessage(awsError)}.`,
    phrase`Check the network path to STS: proxy, VPC endpoint, AWS_ENDPOINT_URL_STS. Then run this again.`,
  );
}

function isOfOwnCredentials(awsError: AwsError): boolean {
  return awsError.kind === 'credentials-missing' || areCredentialsRefused(awsError);
}

/** Without credentials no role can be assumed, so there is no point in trying. */
export function hasNoCredentials(identity: Outcome<unknown>): boolean {
  return !identity.ok && isOfOwnCredentials(identity.awsError);
}

export function roleNotTried(inUse: RoleInUse, what: RoleKind = 'role'): Check {
  return unprovenCheck(
    'AWS',
    subjectOf(inUse, what),
    phrase`Not checked: the bot has no credentials that AWS accepts.`,
    phrase`Fix the bot's own identity first.`,
  );
}

export function roleCheck(
  inUse: RoleInUse,
  assumed: Outcome<unknown>,
  identity: Outcome<{ arn: string }>,
): Check {
  const { role, queues } = inUse;
  const subject = subjectOf(inUse, 'role');
  if (assumed.ok) return okCheck('AWS', subject, phrase`${role.arn} can be assumed`);
  return notAssumedCheck(subject, inUse, assumed.awsError, (awsError) => {
    // AWS gives the same answer for a missing role, a wrong external id and a trust policy without the bot.
    const { meaning, remedy } = explainDenial(awsError, queues[0], whoIs(identity));
    const policies = phrase` ${`dlq-tasks policy ${queues[0].account.label}`} prints the policies.`;
    return { meaning, remedy: [...remedy, ...policies] };
  });
}

/** Whether the role that starts and cancels can be assumed with a source identity. Nothing is started. */
export function redriveRoleCheck(inUse: RoleInUse, assumed: Outcome<unknown>): Check {
  const { role, queues } = inUse;
  const subject = subjectOf(inUse, 'redrive role');
  if (assumed.ok) return okCheck('AWS', subject, phrase`${role.arn} can be assumed on a person's behalf`);
  return notAssumedCheck(subject, inUse, assumed.awsError, ({ detail }) => ({
    meaning: phrase`STS refuses ${/sts:\w+/.exec(detail)?.[0] ?? 'sts:AssumeRole'} on ${role.arn}.`,
    remedy: phrase`Allow ${'sts:AssumeRole'} and ${'sts:SetSourceIdentity'} on it, both in the bot's own policy and in the role's trust policy. ${`dlq-tasks policy ${queues[0].account.label} --redrive`} prints them.`,
  }));
}

function notAssumedCheck(
  subject: string,
  { queues }: RoleInUse,
  awsError: AwsError,
  refused: (awsError: AwsError) => Explanation,
): Check {
  const isRefused = awsError.kind === 'role-refused';
  const { meaning, remedy } = isRefused ? refused(awsError) : explainAwsError(awsError, queues[0]);
  return faultCheck('AWS', subject, meaning, remedy);
}

type RoleKind = 'role' | 'redrive role';

function subjectOf({ queues }: RoleInUse, what: RoleKind): string {
  return `${what} for ${queues[0].account.label}`;
}

function whoIs(identity: Outcome<{ arn: string }>): Phrase {
  const principal = identity.ok ? principalOf(identity.value.arn) : undefined;
  return principal === undefined ? ["the bot's identity"] : phrase`${principal}`;
}
