import type { Outcome } from '../aws-error.ts';
import { explainAwsError } from '../explain-aws-error.ts';
import { phrase } from '../phrase.ts';
import { type Check, faultCheck, okCheck, unprovenCheck } from './check.ts';
import type { RoleInUse } from './role-checks.ts';

function subjectOf({ queues }: RoleInUse): string {
  return `redrive role of ${queues[0].account.label}`;
}

export function redriveRoleNotTried(inUse: RoleInUse): Check {
  return unprovenCheck(
    'AWS',
    subjectOf(inUse),
    phrase`Not checked: the bot has no credentials that AWS accepts.`,
    phrase`Fix the bot's own identity first.`,
  );
}

/** Whether the role that starts and cancels can be assumed with a source identity. Nothing is started. */
export function redriveRoleCheck(inUse: RoleInUse, assumed: Outcome<unknown>): Check {
  const { role, queues } = inUse;
  const subject = subjectOf(inUse);
  if (assumed.ok) return okCheck('AWS', subject, phrase`${role.arn} can be assumed on a person's behalf`);
  const { awsError } = assumed;
  if (awsError.kind !== 'role-refused') {
    const { meaning, remedy } = explainAwsError(awsError, queues[0]);
    return faultCheck('AWS', subject, meaning, remedy);
  }
  const refused = /sts:\w+/.exec(awsError.detail)?.[0] ?? 'sts:AssumeRole';
  return faultCheck(
    'AWS',
    subject,
    phrase`STS refuses ${refused} on ${role.arn}.`,
    phrase`Allow ${'sts:AssumeRole'} and ${'sts:SetSourceIdentity'} on it, both in the bot's own policy and in the role's trust policy. ${`dlq-tasks policy ${queues[0].account.label} --redrive`} prints them.`,
  );
}
