import type { Explanation } from './explain-failure.ts';
import type { Problem } from './problem.ts';
import type { Queue } from './queue.ts';
import { type Words, words } from './words.ts';

/** What kept the bot from asking AWS about a queue, and what a person can do. */
export function explainProblem(problem: Problem, queue: Queue): Explanation {
  const { roleArn, action, code } = problem;
  const service: Words = [problem.service];
  const place = words`${queue.account.label} (account ${queue.accountId})`;
  switch (problem.kind) {
    case 'queue-missing':
      return {
        meaning: words`SQS knows no queue ${queue.name} in ${place}, ${queue.region}.`,
        remedy: words`Was it deleted or renamed? Correct the entry ${queue.alias} in the settings.`,
      };
    case 'access-denied':
      return {
        meaning: words`The role ${roleArn} may not use ${action} on ${queue.name} in ${place}.`,
        remedy: words`Allow ${action} on ${queue.arn} in the role's policy. Check the queue policy and service control policies for a deny.`,
      };
    case 'role-refused':
      return {
        meaning: words`The bot could not assume the role ${roleArn} in ${place}.`,
        remedy: words`Check that the role exists, that its trust policy names the bot's own identity${externalIdHint(queue)}, and that the bot may use ${'sts:AssumeRole'} on it.`,
      };
    case 'key-access-denied':
      return {
        meaning: words`The encryption key of ${queue.name} cannot be used by ${roleArn}.`,
        remedy: words`Allow ${'kms:Decrypt'} on the key, and check that it is enabled.`,
      };
    case 'throttled':
      return {
        meaning: words`${service} is being asked too often in ${place}, ${queue.region}.`,
        remedy: words`Try again in a minute.`,
      };
    case 'invalid-address':
      return {
        meaning: words`SQS does not take ${queue.arn} as a queue's address.`,
        remedy: words`Correct the entry ${queue.alias} in the settings.`,
      };
    case 'invalid-security':
      return {
        meaning: words`SQS refused the way the request was secured.`,
        remedy: words`SQS takes HTTPS with Signature Version 4 only. Check the endpoint that the bot is given.`,
      };
    case 'unsupported-operation':
      return {
        meaning: words`SQS cannot list move tasks for ${queue.name}.`,
        remedy: words`Check that it is a dead-letter queue of another SQS queue.`,
      };
    case 'session-expired':
      return {
        meaning: words`The credentials for ${place} have expired.`,
        remedy: words`Try again. If it stays so, check the bot's own credentials and its clock.`,
      };
    case 'credentials-missing':
      return {
        meaning: words`The bot has no AWS credentials of its own.`,
        remedy: words`Give its process a role or keys, as the AWS SDK expects them.`,
      };
    case 'credentials-invalid':
      return {
        meaning: words`AWS does not accept the bot's credentials (${code}).`,
        remedy: words`Check the credentials of the bot's process, and that the region ${queue.region} is enabled in ${place}.`,
      };
    case 'clock-skewed':
      return {
        meaning: words`AWS refused the request's time or signature (${code}).`,
        remedy: words`Check the clock of the bot's machine.`,
      };
    case 'request-refused':
      return {
        meaning: words`${service} refused the request: ${code}${detailOf(problem)}.`,
        remedy: words`Check that ${queue.arn} is a dead-letter queue, and that the settings name it correctly.`,
      };
    case 'unreachable':
      return {
        meaning: words`${service} in ${queue.region} did not answer (${code}).`,
        remedy: words`Try again. If it stays so, check the bot's network and the AWS Health Dashboard.`,
      };
    case 'aws-failed':
      return {
        meaning: words`${service} in ${queue.region} failed with ${code}.`,
        remedy: words`This is AWS's fault, not yours. Try again in a minute, and look at the AWS Health Dashboard.`,
      };
    case 'unexpected':
      return {
        meaning: words`${service} answered something unexpected: ${code}${detailOf(problem)}.`,
        remedy: words`Try again. If it stays so, show the error id to whoever runs the bot.`,
      };
  }
}

function externalIdHint(queue: Queue): Words {
  return queue.role.externalId === undefined ? [] : [' and the external id of the settings'];
}

function detailOf({ detail }: Problem): Words {
  return detail ? words`, ${detail}` : [];
}

/** One line for a place with little room, such as a row of the overview. */
export function problemInBrief(problem: Problem): Words {
  const briefs: Record<Problem['kind'], Words> = {
    'queue-missing': words`no such queue`,
    'access-denied': words`access denied: ${problem.action}`,
    'role-refused': words`the role cannot be assumed`,
    'key-access-denied': words`its key cannot be used`,
    throttled: words`asked too often`,
    'invalid-address': words`not a queue's address`,
    'invalid-security': words`the request was refused as insecure`,
    'unsupported-operation': words`not a dead-letter queue`,
    'session-expired': words`the credentials have expired`,
    'credentials-missing': words`the bot has no credentials`,
    'credentials-invalid': words`the bot's credentials are not accepted`,
    'clock-skewed': words`the bot's clock is off`,
    'request-refused': words`the request was refused: ${problem.code}`,
    unreachable: words`no answer`,
    'aws-failed': words`AWS failed: ${problem.code}`,
    unexpected: words`something unexpected: ${problem.code}`,
  };
  return briefs[problem.kind];
}
