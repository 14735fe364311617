import { type AwsError, codeAndMessage } from './aws-error.ts';
import { explainCredentials } from './explain-credentials.ts';
import { explainDenial } from './explain-denial.ts';
import type { Queue } from './queue.ts';
import { type Explanation, type Phrase, phrase } from './wording.ts';

export function explainAwsError(awsError: AwsError, queue: Queue): Explanation {
  const { code } = awsError;
  const service: Phrase = [awsError.service];
  const place = phrase`${queue.account.label} (account ${queue.accountId})`;
  const region = awsError.region ?? queue.region;
  switch (awsError.kind) {
    case 'queue-missing':
      return {
        meaning: phrase`There is no queue ${queue.name} in ${place}, ${queue.region}.`,
        remedy: phrase`If it was deleted or renamed, correct the entry ${queue.alias} in the settings.`,
      };
    case 'access-denied':
    case 'role-refused':
    case 'key-access-denied':
      return explainDenial(awsError, queue);
    case 'throttled':
      return {
        meaning: phrase`${service} is throttling requests in ${place}, ${region}.`,
        remedy: phrase`Try again in a minute.`,
      };
    case 'invalid-address':
      return {
        meaning: phrase`SQS doesn't accept ${queue.arn} as a queue address.`,
        remedy: phrase`Correct the entry ${queue.alias} in the settings.`,
      };
    case 'invalid-security':
      return {
        meaning: phrase`SQS rejected the request because it wasn't sent securely.`,
        remedy: phrase`SQS accepts only HTTPS with Signature Version 4. Check the bot's endpoint settings.`,
      };
    case 'unsupported-operation':
      return {
        meaning: phrase`SQS can't list redrives for ${queue.name}.`,
        remedy: phrase`Check that it is the dead-letter queue of another SQS queue.`,
      };
    case 'session-expired':
    case 'credentials-missing':
    case 'credentials-invalid':
      return explainCredentials(awsError, queue);
    case 'clock-skewed':
      return {
        meaning: phrase`AWS rejected the request's timestamp or signature (${code}).`,
        remedy: phrase`Check the clock on the bot's machine.`,
      };
    case 'request-refused':
      return {
        meaning: phrase`${service} rejected the request: ${codeAndMessage(awsError)}.`,
        remedy:
          awsError.service === 'STS'
            ? phrase`Check the role ${awsError.roleArn}${externalIdHint(queue)} in the settings.`
            : phrase`Check that ${queue.arn} is a dead-letter queue, and that it is spelled correctly in the settings.`,
      };
    case 'unreachable':
      return {
        meaning: phrase`${service} in ${region} didn't answer: ${codeAndMessage(awsError)}.`,
        remedy: phrase`Try again. If this keeps happening, check the bot's network and the AWS Health Dashboard.`,
      };
    case 'aws-failed':
      return {
        meaning: phrase`${service} in ${region} failed with ${code}.`,
        remedy: code.startsWith('HTTP ')
          ? phrase`The problem is at AWS, or at a proxy in between. Try again in a minute, or check the AWS Health Dashboard.`
          : phrase`The problem is at AWS, not on your side. Try again in a minute, or check the AWS Health Dashboard.`,
      };
    case 'unexpected':
      return {
        meaning: phrase`${service} returned an unexpected answer: ${codeAndMessage(awsError)}.`,
        remedy: phrase`Try again. If this keeps happening, give the error ID to whoever runs the bot.`,
      };
  }
}

function externalIdHint(queue: Queue): Phrase {
  return queue.role.externalId === undefined ? [] : [' and its external ID'];
}

export function awsErrorInBrief(awsError: AwsError): Phrase {
  const briefs: Record<AwsError['kind'], Phrase> = {
    'queue-missing': phrase`no such queue`,
    'access-denied': phrase`access denied: ${awsError.action}`,
    'role-refused': phrase`can't assume the role`,
    'key-access-denied': phrase`can't use its encryption key`,
    throttled: phrase`throttled`,
    'invalid-address': phrase`not a queue address`,
    'invalid-security': phrase`request rejected as insecure`,
    'unsupported-operation': phrase`not a dead-letter queue`,
    'session-expired': phrase`the ${[awsError.service === 'STS' ? "bot's own" : "role's"]} credentials have expired`,
    'credentials-missing': phrase`the bot has no credentials`,
    'credentials-invalid': phrase`AWS rejected the bot's credentials`,
    'clock-skewed': phrase`the bot's clock is wrong`,
    'request-refused': phrase`request rejected: ${awsError.code}`,
    unreachable: phrase`no answer`,
    'aws-failed': phrase`AWS failed: ${awsError.code}`,
    unexpected: phrase`unexpected error: ${awsError.code}`,
  };
  return briefs[awsError.kind];
}
