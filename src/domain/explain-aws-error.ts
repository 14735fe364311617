import { type AwsError, saidIn } from './aws-error.ts';
import { explainCredentials } from './explain-credentials.ts';
import { explainDenial } from './explain-denial.ts';
import type { Explanation } from './explain-failure.ts';
import { type Phrase, phrase } from './phrase.ts';
import type { Queue } from './queue.ts';

/** What kept the bot from asking AWS about a queue, and what a person can do. */
export function explainAwsError(awsError: AwsError, queue: Queue): Explanation {
  const { code } = awsError;
  const service: Phrase = [awsError.service];
  const place = phrase`${queue.account.label} (account ${queue.accountId})`;
  const region = awsError.region ?? queue.region;
  switch (awsError.kind) {
    case 'queue-missing':
      return {
        meaning: phrase`SQS knows no queue ${queue.name} in ${place}, ${queue.region}.`,
        remedy: phrase`Was it deleted or renamed? Correct the entry ${queue.alias} in the settings.`,
      };
    case 'access-denied':
    case 'role-refused':
    case 'key-access-denied':
      return explainDenial(awsError, queue);
    case 'throttled':
      return {
        meaning: phrase`${service} is being asked too often in ${place}, ${region}.`,
        remedy: phrase`Try again in a minute.`,
      };
    case 'invalid-address':
      return {
        meaning: phrase`SQS does not take ${queue.arn} as a queue's address.`,
        remedy: phrase`Correct the entry ${queue.alias} in the settings.`,
      };
    case 'invalid-security':
      return {
        meaning: phrase`SQS refused the way the request was secured.`,
        remedy: phrase`SQS takes HTTPS with Signature Version 4 only. Check the endpoint that the bot is given.`,
      };
    case 'unsupported-operation':
      return {
        meaning: phrase`SQS cannot list move tasks for ${queue.name}.`,
        remedy: phrase`Check that it is a dead-letter queue of another SQS queue.`,
      };
    case 'session-expired':
    case 'credentials-missing':
    case 'credentials-invalid':
      return explainCredentials(awsError, queue);
    case 'clock-skewed':
      return {
        meaning: phrase`AWS refused the request's time or signature (${code}).`,
        remedy: phrase`Check the clock of the bot's machine.`,
      };
    case 'request-refused':
      return {
        meaning: phrase`${service} refused the request: ${saidIn(awsError)}.`,
        remedy:
          awsError.service === 'STS'
            ? phrase`Check how the settings name the role ${awsError.roleArn}${externalIdHint(queue)}.`
            : phrase`Check that ${queue.arn} is a dead-letter queue, and that the settings name it correctly.`,
      };
    case 'unreachable':
      return {
        meaning: phrase`${service} in ${region} did not answer: ${saidIn(awsError)}.`,
        remedy: phrase`Try again. If it stays so, check the bot's network and the AWS Health Dashboard.`,
      };
    case 'aws-failed':
      return {
        meaning: phrase`${service} in ${region} failed with ${code}.`,
        remedy: code.startsWith('HTTP ')
          ? phrase`This is a fault of AWS, or of a proxy on the way. Try again in a minute, and look at the AWS Health Dashboard.`
          : phrase`This is AWS's fault, not yours. Try again in a minute, and look at the AWS Health Dashboard.`,
      };
    case 'unexpected':
      return {
        meaning: phrase`${service} answered something unexpected: ${saidIn(awsError)}.`,
        remedy: phrase`Try again. If it stays so, show the error id to whoever runs the bot.`,
      };
  }
}

function externalIdHint(queue: Queue): Phrase {
  return queue.role.externalId === undefined ? [] : [' and its external id'];
}

/** One line for a place with little room, such as a row of the overview. */
export function awsErrorInBrief(awsError: AwsError): Phrase {
  const briefs: Record<AwsError['kind'], Phrase> = {
    'queue-missing': phrase`no such queue`,
    'access-denied': phrase`access denied: ${awsError.action}`,
    'role-refused': phrase`the role cannot be assumed`,
    'key-access-denied': phrase`its key cannot be used`,
    throttled: phrase`asked too often`,
    'invalid-address': phrase`not a queue's address`,
    'invalid-security': phrase`the request was refused as insecure`,
    'unsupported-operation': phrase`not a dead-letter queue`,
    'session-expired': phrase`the ${[awsError.service === 'STS' ? "bot's own" : "role's"]} credentials have expired`,
    'credentials-missing': phrase`the bot has no credentials`,
    'credentials-invalid': phrase`the bot's credentials are not accepted`,
    'clock-skewed': phrase`the bot's clock is off`,
    'request-refused': phrase`the request was refused: ${awsError.code}`,
    unreachable: phrase`no answer`,
    'aws-failed': phrase`AWS failed: ${awsError.code}`,
    unexpected: phrase`something unexpected: ${awsError.code}`,
  };
  return briefs[awsError.kind];
}
