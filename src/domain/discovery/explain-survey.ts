import type { AwsError } from '../aws-error.ts';
import { awsErrorInBrief } from '../explain-aws-error.ts';
import type { Explanation } from '../explain-failure.ts';
import { phrase } from '../phrase.ts';
import type { Place, Survey } from './survey.ts';

/** What of a place was not seen, why, and what to do; nothing when all was. */
export function explainSurvey(survey: Survey): Explanation | undefined {
  const { place, awsError, unasked, isListed } = survey;
  if (!awsError) return undefined;
  const where = phrase`${place.account.label} in ${place.region}`;
  const what = isListed
    ? phrase`${unasked === 1 ? '1 queue' : `${unasked} queues`} of ${where} could not be asked about`
    : phrase`The queues of ${where} could not be listed`;
  return { meaning: phrase`${what}: ${why(awsError, place)}.`, remedy: remedyOf(awsError, place) };
}

function why(awsError: AwsError, { role }: Place) {
  const asker = role === undefined ? phrase`your own credentials` : phrase`${role.arn}`;
  switch (awsError.kind) {
    case 'role-refused':
      return phrase`${asker} cannot be assumed`;
    case 'access-denied':
      return phrase`${asker} may not use ${awsError.action}`;
    case 'credentials-invalid':
      return phrase`AWS does not accept the credentials there (${awsError.code})`;
    default:
      return awsErrorInBrief(awsError);
  }
}

function remedyOf({ kind }: AwsError, { account, region, role }: Place) {
  const policy = phrase`${`dlq-tasks policy ${account.label}`}`;
  switch (kind) {
    case 'role-refused':
      return phrase`Does it exist, and does its trust policy name your identity? ${'iam/status-role.yml'} creates it; once the account is listed ${policy} prints its policies.`;
    case 'access-denied':
      return role === undefined
        ? phrase`Use credentials that may list queues and read their attributes.`
        : phrase`${policy} prints an optional statement that allows it.`;
    case 'credentials-invalid':
      return phrase`See whether the region ${region} is enabled in account ${account.id}.`;
    default:
      return phrase`Run this again. If it stays so, check the way to SQS in ${region}.`;
  }
}
