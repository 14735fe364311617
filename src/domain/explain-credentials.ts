import { type AwsError, saidIn } from './aws-error.ts';
import type { Explanation } from './explain-failure.ts';
import { type Phrase, phrase } from './phrase.ts';
import type { Queue } from './queue.ts';

/** Whose credentials fail, what AWS or the SDK says of them, and how they are renewed. */
export function explainCredentials(awsError: AwsError, { account, accountId, region }: Queue): Explanation {
  if (awsError.service === 'STS' || awsError.kind === 'credentials-missing')
    return explainOwnCredentials(awsError);
  const place = phrase`${account.label} (account ${accountId})`;
  return awsError.kind === 'session-expired'
    ? {
        meaning: phrase`The session of the role ${awsError.roleArn} in ${place} has expired.`,
        remedy: phrase`Try again: the bot assumes the role anew. If it stays so, check the clock of the bot's machine.`,
      }
    : {
        meaning: phrase`${[awsError.service]} does not accept the session of the role ${awsError.roleArn}: ${saidIn(awsError)}.`,
        remedy: phrase`Try again: the bot assumes the role anew. If it stays so, check that the region ${region} is enabled in ${place}.`,
      };
}

/** The credentials that the bot's process was given. They are read again whenever it asks with them. */
export function explainOwnCredentials(awsError: AwsError): Explanation {
  const { kind, code, detail, region } = awsError;
  if (kind === 'credentials-missing') {
    return {
      meaning: phrase`The bot got no AWS credentials of its own: ${detail.replace(/\.$/, '') || code}.`,
      remedy: /\baws (sso )?login\b/.test(detail)
        ? phrase`Sign in where the bot runs, as it says there. ${readAnew}`
        : phrase`Give its process a role or keys, as the AWS SDK expects them. ${readAnew}`,
    };
  }
  if (kind === 'session-expired') {
    return {
      meaning: phrase`The bot's own credentials have expired: ${saidIn(awsError)}.`,
      remedy: phrase`Renew the keys or the session of the bot's process. ${readAnew}`,
    };
  }
  return {
    meaning: phrase`AWS does not accept the bot's own credentials: ${saidIn(awsError)}.`,
    remedy:
      region !== undefined &&
      /^(RegionDisabled|OptInRequired|InvalidClientTokenId|UnrecognizedClient)/.test(code)
        ? phrase`Check the keys of the bot's process, and that STS in ${region} is switched on in the bot's own account (AWS_REGION names another region). ${readAnew}`
        : phrase`Check the keys of the bot's process. ${readAnew}`,
  };
}

const readAnew: Phrase = ['They are read anew at the next try, without a restart.'];
