import { type AwsError, codeAndMessage } from './aws-error.ts';
import type { Queue } from './queue.ts';
import { type Explanation, type Phrase, phrase } from './wording.ts';

/** Whose credentials fail, what AWS or the SDK says about them, and how to renew them. */
export function explainCredentials(awsError: AwsError, { account, accountId, region }: Queue): Explanation {
  if (awsError.service === 'STS' || awsError.kind === 'credentials-missing')
    return explainOwnCredentials(awsError);
  const place = phrase`${account.label} (account ${accountId})`;
  return awsError.kind === 'session-expired'
    ? {
        meaning: phrase`The session for the role ${awsError.roleArn} in ${place} has expired.`,
        remedy: phrase`Try again: the bot will assume the role again. If this keeps happening, check the clock on the bot's machine.`,
      }
    : {
        meaning: phrase`${[awsError.service]} rejected the session for the role ${awsError.roleArn}: ${codeAndMessage(awsError)}.`,
        remedy: phrase`Try again: the bot will assume the role again. If this keeps happening, check that the region ${region} is enabled in ${place}.`,
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
