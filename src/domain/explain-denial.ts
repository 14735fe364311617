import type { AwsError } from './aws-error.ts';
import type { Queue } from './queue.ts';
import { type Explanation, type Phrase, phrase } from './wording.ts';

/** What AWS denies, the reason if it gives one, and what to change. `bot`: the bot's identity, for policies about it. */
export function explainDenial(
  awsError: AwsError,
  queue: Queue,
  bot: Phrase = ["the bot's own identity"],
): Explanation {
  const policy = policyIn(awsError, queue, bot);
  return {
    meaning: [...whatIsDenied(awsError, queue), ...reasonGiven(awsError)],
    remedy: policy ? changeOf(policy, awsError, queue) : remedyWithoutReason(awsError, queue, bot),
  };
}

function whatIsDenied({ kind, action, roleArn }: AwsError, queue: Queue): Phrase {
  const place = phrase`${queue.account.label} (account ${queue.accountId})`;
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

function reasonGiven({ reason }: AwsError): Phrase {
  return reason === undefined ? [] : phrase` Reason given by AWS: ${reason}.`;
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
  const hint = action === assumeRole && isTrustPolicy(awsError) ? externalIdHint(queue) : [];
  return phrase`Allow ${action} to ${who} in ${where}${hint}.`;
}

function resourceOf({ kind, roleArn }: AwsError, queue: Queue): Phrase {
  if (kind === 'key-access-denied') return ["the queue's encryption key"];
  return phrase`${kind === 'role-refused' ? roleArn : queue.arn}`;
}

function isTrustPolicy({ kind, reason = '' }: AwsError): boolean {
  return kind === 'role-refused' && ofResource.test(reason);
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
