import type { AwsError } from './aws-error.ts';
import type { Queue } from './queue.ts';
import { type Explanation, type Phrase, phrase } from './wording.ts';

export function explainAwsError(awsError: AwsError, queue: Queue): Explanation {
  const { code } = awsError;
  const service: Phrase = [awsError.service];
  const place = placeOf(queue);
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
            ? phrase`Check the role ${awsError.roleArn}${queue.role.externalId === undefined ? [] : [' and its external ID']} in the settings.`
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

function placeOf({ account, accountId }: Queue): Phrase {
  return phrase`${account.label} (account ${accountId})`;
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

/** Whose credentials fail, what AWS or the SDK says about them, and how to renew them. */
function explainCredentials(awsError: AwsError, queue: Queue): Explanation {
  if (awsError.service === 'STS' || awsError.kind === 'credentials-missing')
    return explainOwnCredentials(awsError);
  return awsError.kind === 'session-expired'
    ? {
        meaning: phrase`The session for the role ${awsError.roleArn} in ${placeOf(queue)} has expired.`,
        remedy: phrase`Try again: the bot will assume the role again. If this keeps happening, check the clock on the bot's machine.`,
      }
    : {
        meaning: phrase`${[awsError.service]} rejected the session for the role ${awsError.roleArn}: ${codeAndMessage(awsError)}.`,
        remedy: phrase`Try again: the bot will assume the role again. If this keeps happening, check that the region ${queue.region} is enabled in ${placeOf(queue)}.`,
      };
}

/** The credentials of the bot's process. They are read again for every use. */
export function explainOwnCredentials(awsError: AwsError): Explanation {
  const { kind, code, detail, region } = awsError;
  if (kind === 'credentials-missing') {
    return {
      meaning: phrase`The bot has no AWS credentials: ${detail.replace(/\.$/, '') || code}.`,
      remedy: /\baws (sso )?login\b/.test(detail)
        ? phrase`Sign in on the bot's machine, as the message says. ${noRestart}`
        : phrase`Give the bot's process a role or access keys that the AWS SDK can find. ${noRestart}`,
    };
  }
  if (kind === 'session-expired') {
    return {
      meaning: phrase`The bot's own credentials have expired: ${codeAndMessage(awsError)}.`,
      remedy: phrase`Renew the bot's access keys or session. ${noRestart}`,
    };
  }
  return {
    meaning: phrase`AWS rejected the bot's own credentials: ${codeAndMessage(awsError)}.`,
    remedy:
      region !== undefined &&
      /^(RegionDisabled|OptInRequired|InvalidClientTokenId|UnrecognizedClient)/.test(code)
        ? phrase`Check the bot's access keys, and that STS is active for ${region} in the bot's own account (set AWS_REGION to use another region). ${noRestart}`
        : phrase`Check the bot's access keys. ${noRestart}`,
  };
}

const noRestart: Phrase = ['The bot reads them again on the next try. No restart is needed.'];

/** What AWS denies, the reason if it gives one, and what to change. `bot`: the bot's identity, for policies about it. */
export function explainDenial(
  awsError: AwsError,
  queue: Queue,
  bot: Phrase = ["the bot's own identity"],
): Explanation {
  const policy = policyIn(awsError, queue, bot);
  const { reason } = awsError;
  const reasonGiven = reason === undefined ? [] : phrase` Reason given by AWS: ${reason}.`;
  return {
    meaning: [...whatIsDenied(awsError, queue), ...reasonGiven],
    remedy: policy ? changeOf(policy, awsError, queue) : remedyWithoutReason(awsError, queue, bot),
  };
}

function whatIsDenied({ kind, action, roleArn }: AwsError, queue: Queue): Phrase {
  const place = placeOf(queue);
  switch (kind) {
    case 'role-refused':
      return action === assumeRole
        ? phrase`The bot couldn't assume the role ${roleArn} in ${place}.`
        : phrase`The bot couldn't assume the role ${roleArn} in ${place}: it isn't allowed to use ${action} on it.`;
    case 'key-access-denied':
      return phrase`The role ${roleArn} can't use the encryption key of ${queue.name}.`;
    default:
      return phrase`The role ${roleArn} isn't allowed to use ${action} on ${queue.name} in ${place}.`;
  }
}

const assumeRole = 'sts:AssumeRole';

/** `where`: the policy at fault. `who`: whose request it is. `isOwn`: the policy is attached to them. */
type PolicyAtFault = { where: Phrase; who: Phrase; isOwn?: true };

const ofResource = /resource-based polic|trust polic/i;

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
function policyIn(awsError: AwsError, queue: Queue, bot: Phrase): PolicyAtFault | undefined {
  const { reason = '', service, roleArn } = awsError;
  const who = awsError.kind === 'role-refused' ? bot : phrase`the role ${roleArn}`;
  const at = (where: Phrase) => ({ where, who });
  const isOwn = true;
  if (/service control polic/i.test(reason)) return at(["the organization's service control policies"]);
  if (/resource control polic/i.test(reason)) return at(["the organization's resource control policies"]);
  if (/VPC endpoint polic/i.test(reason)) {
    return at(phrase`the policy of the VPC endpoint that the bot uses for ${service}`);
  }
  if (/permissions boundary/i.test(reason))
    return { ...at(phrase`the permissions boundary of ${who}`), isOwn };
  if (/session polic/i.test(reason)) return { ...at(phrase`the session policy of ${who}`), isOwn };
  if (/identity-based polic/i.test(reason)) return { ...at(phrase`the policy of ${who}`), isOwn };
  if (ofResource.test(reason)) return at(policyOfResource(awsError, queue));
  return undefined;
}

function policyOfResource({ kind, roleArn }: AwsError, queue: Queue): Phrase {
  if (kind === 'role-refused') return phrase`the trust policy of ${roleArn}`;
  if (kind === 'key-access-denied') return phrase`the policy of the encryption key`;
  return phrase`the queue policy of ${queue.arn}`;
}

function changeOf({ where, who, isOwn }: PolicyAtFault, awsError: AwsError, queue: Queue): Phrase {
  const { reason = '', action } = awsError;
  if (/explicit deny/i.test(reason)) {
    return phrase`Remove the deny for ${action} from ${where}, or exempt ${who} from it.`;
  }
  if (isOwn) return phrase`Allow ${action} on ${resourceOf(awsError, queue)} in ${where}.`;
  const isTrustPolicy = awsError.kind === 'role-refused' && ofResource.test(reason);
  const hint = action === assumeRole && isTrustPolicy ? externalIdHint(queue) : [];
  return phrase`Allow ${action} to ${who} in ${where}${hint}.`;
}

function resourceOf({ kind, roleArn }: AwsError, queue: Queue): Phrase {
  if (kind === 'key-access-denied') return ["the queue's encryption key"];
  return phrase`${kind === 'role-refused' ? roleArn : queue.arn}`;
}

function remedyWithoutReason({ kind, action, roleArn }: AwsError, queue: Queue, bot: Phrase): Phrase {
  if (kind === 'key-access-denied') {
    const needed = action.startsWith('kms:') ? action : 'kms:Decrypt';
    return phrase`Allow ${needed} on the key, and check that it is enabled.`;
  }
  if (kind !== 'role-refused') {
    return phrase`Allow ${action} on ${queue.arn} in the role's policy. Check the queue policy and service control policies for a deny.`;
  }
  return action === assumeRole
    ? phrase`Check that the role exists, that its trust policy names ${bot}${externalIdHint(queue)}, and that the bot is allowed to use ${assumeRole} on it.`
    : phrase`Allow ${action} to ${bot} in the trust policy of ${roleArn}, and on that role in the bot's own policy.`;
}

function externalIdHint({ role }: Queue): Phrase {
  return role.externalId === undefined
    ? [', without an external ID (the settings have none)']
    : [', with the external ID from the settings'];
}

/** Code and message in one text; the message alone if it contains the code. Untrusted. */
export function codeAndMessage({ code, detail }: Pick<AwsError, 'code' | 'detail'>): string {
  const words = detail.replace(/\.$/, '');
  return words.includes(code) ? words : [code, words].filter((one) => one !== '').join(', ');
}
