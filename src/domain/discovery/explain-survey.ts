import type { AwsError } from '../aws-error.ts';
import { awsErrorInBrief } from '../explain-aws-error.ts';
import { type Explanation, phrase } from '../wording.ts';
import type { Place, Survey } from './survey.ts';

/** What could not be checked in a place, why, and what to do; undefined if everything was checked. */
export function explainSurvey(survey: Survey): Explanation | undefined {
  const { place, awsError, unasked, isListed } = survey;
  if (!awsError) return undefined;
  const where = phrase`${place.account.label} in ${place.region}`;
  const what = isListed
    ? phrase`Couldn't check ${unasked === 1 ? '1 queue' : `${unasked} queues`} in ${where}`
    : phrase`Couldn't list the queues of ${where}`;
  return { meaning: phrase`${what}: ${why(awsError, place)}.`, remedy: remedyOf(awsError, place) };
}

function why(awsError: AwsError, { role }: Place) {
  const person = role === undefined ? phrase`your own credentials` : phrase`${role.arn}`;
  switch (awsError.kind) {
    case 'role-refused':
      return phrase`${person} can't be assumed`;
    case 'access-denied':
      return phrase`${person} isn't allowed to use ${awsError.action}`;
    case 'credentials-invalid':
      return phrase`AWS rejected the credentials (${awsError.code})`;
    default:
      return awsErrorInBrief(awsError);
  }
}

function remedyOf({ kind }: AwsError, { account, region, role }: Place) {
  const policy = phrase`${`dlq-tasks policy ${account.label}`}`;
  switch (kind) {
    case 'role-refused':
      return phrase`Check that it exists and that its trust policy names your identity. ${'iam/status-role.yml'} creates it; once the account is in the settings, ${policy} prints its policies.`;
    case 'access-denied':
      return role === undefined
        ? phrase`Use credentials that are allowed to list queues and read their attributes.`
        : phrase`${policy} prints an optional statement that allows it.`;
    case 'credentials-invalid':
      return phrase`Check that the region ${region} is enabled in account ${account.id}.`;
    default:
      return phrase`Run this again. If this keeps happening, check the network path to SQS in ${region}.`;
  }
}
