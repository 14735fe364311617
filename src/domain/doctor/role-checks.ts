import type { AwsError, Outcome } from '../aws-error.ts';
import { explainAwsError } from '../explain-aws-error.ts';
import { type Phrase, phrase } from '../phrase.ts';
import { principalOf } from '../policies.ts';
import type { Queue, Role } from '../queue.ts';
import { type Check, isOpen, isRight, isWrong } from './check.ts';

/** A role of the settings, and the queues that are asked about with it. */
export type RoleInUse = { role: Role; queues: readonly [Queue, ...Queue[]] };

export function rolesInUse(queues: readonly Queue[]): RoleInUse[] {
  const roles = new Map<string, RoleInUse>();
  for (const queue of queues) {
    const key = JSON.stringify([queue.role.arn, queue.role.externalId]);
    const known = roles.get(key);
    roles.set(key, { role: queue.role, queues: known ? [...known.queues, queue] : [queue] });
  }
  return [...roles.values()];
}

/** Who the bot is to AWS. */
export function identityCheck(identity: Outcome<{ arn: string }>): Check {
  const subject = 'own identity';
  if (identity.ok) return isRight('AWS', subject, phrase`the bot is ${identity.value.arn}`);
  const { kind, code } = identity.awsError;
  switch (kind) {
    case 'credentials-missing':
      return isWrong(
        'AWS',
        subject,
        phrase`The bot has no AWS credentials of its own.`,
        phrase`Give its process a role or keys, as the AWS SDK expects them.`,
      );
    case 'credentials-invalid':
    case 'session-expired':
      return isWrong(
        'AWS',
        subject,
        phrase`AWS does not accept the bot's own credentials (${code}).`,
        phrase`Renew the keys or the session of the bot's process.`,
      );
    case 'clock-skewed':
      return isWrong(
        'AWS',
        subject,
        phrase`AWS refused the request's time or signature (${code}).`,
        phrase`Check the clock of the bot's machine.`,
      );
    default:
      return isWrong(
        'AWS',
        subject,
        phrase`STS could not be asked who the bot is (${code}).`,
        phrase`Check the way to STS: network, proxy, VPC endpoint, AWS_ENDPOINT_URL_STS. Then run this again.`,
      );
  }
}

/** With these no role can be assumed, so that there is nothing to learn from trying. */
export function knowsNoCredentials(identity: Outcome<unknown>): boolean {
  if (identity.ok) return false;
  const { kind } = identity.awsError;
  return kind === 'credentials-missing' || kind === 'credentials-invalid' || kind === 'session-expired';
}

export function roleNotTried(inUse: RoleInUse): Check {
  return isOpen(
    'AWS',
    subjectOf(inUse),
    phrase`It was not tried: the bot has no credentials that AWS accepts.`,
    phrase`Mend the own identity first.`,
  );
}

export function roleCheck(
  inUse: RoleInUse,
  assumed: Outcome<unknown>,
  identity: Outcome<{ arn: string }>,
): Check {
  const { role, queues } = inUse;
  if (assumed.ok) return isRight('AWS', subjectOf(inUse), phrase`${role.arn} can be assumed`);
  const { awsError } = assumed;
  const { meaning, remedy } =
    awsError.kind === 'role-refused'
      ? whyRefused(awsError, inUse, whoIs(identity))
      : explainAwsError(awsError, queues[0]);
  return isWrong('AWS', subjectOf(inUse), meaning, remedy);
}

function subjectOf({ queues }: RoleInUse): string {
  return `role of ${queues[0].account.label}`;
}

/**
 * AWS names the policy that is at fault only sometimes: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 * A missing role, a wrong external id and a trust policy without the bot sound alike.
 */
function whyRefused(
  { detail }: AwsError,
  { role, queues }: RoleInUse,
  bot: Phrase,
): { meaning: Phrase; remedy: Phrase } {
  const policies = phrase`${`dlq-tasks policy ${queues[0].account.label}`} prints the policies.`;
  if (/no identity-based policy allows/i.test(detail)) {
    return {
      meaning: phrase`The bot's own identity may not use ${'sts:AssumeRole'} on ${role.arn}.`,
      remedy: [...phrase`Allow it in the policy of the bot's own identity. `, ...policies],
    };
  }
  if (/no resource-based policy allows|trust policy/i.test(detail)) {
    return {
      meaning: phrase`The trust policy of ${role.arn} does not let the bot in.`,
      remedy: [...phrase`See that it names ${bot}${externalIdHint(role)}. `, ...policies],
    };
  }
  const denier = /explicit deny in an? ([\w -]+? policy|permissions boundary)/i.exec(detail)?.[1];
  if (denier !== undefined) {
    return {
      meaning: phrase`A ${denier} denies ${'sts:AssumeRole'} on ${role.arn}.`,
      remedy: phrase`Take the deny out, or except ${bot} from it.`,
    };
  }
  return {
    meaning: phrase`STS refuses ${role.arn} and does not say why.`,
    remedy: [
      ...phrase`Check that the role exists, that its trust policy names ${bot}${externalIdHint(role)}, and that the bot may use ${'sts:AssumeRole'} on it. `,
      ...policies,
    ],
  };
}

function whoIs(identity: Outcome<{ arn: string }>): Phrase {
  const principal = identity.ok ? principalOf(identity.value.arn) : undefined;
  return principal === undefined ? ["the bot's identity"] : phrase`${principal}`;
}

function externalIdHint({ externalId }: Role): Phrase {
  return externalId === undefined
    ? [' and wants no external id (the settings give none)']
    : [' and wants the external id of the settings'];
}
