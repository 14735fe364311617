import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { SQSClient } from '@aws-sdk/client-sqs';
import { type Credentials, STSClient } from '@aws-sdk/client-sts';
import type { LocalAws } from '../../../sandbox/aws/local-aws.ts';

const botKeys = { accessKeyId: 'AKIA00000000000000BOT', secretAccessKey: 'secret' };

export function stsClient(aws: LocalAws, credentials = botKeys): STSClient {
  return new STSClient({ endpoint: aws.stsUrl, region: 'eu-west-1', credentials, maxAttempts: 1 });
}

export function sqsClient(aws: LocalAws, keys: Credentials | undefined, region = 'eu-west-1'): SQSClient {
  return new SQSClient({ endpoint: aws.sqsUrl, region, credentials: credentialsOf(keys), maxAttempts: 1 });
}

export function cloudTrailClient(aws: LocalAws, keys: Credentials | undefined): CloudTrailClient {
  const credentials = credentialsOf(keys);
  return new CloudTrailClient({
    endpoint: aws.cloudTrailUrl,
    region: 'eu-west-1',
    credentials,
    maxAttempts: 1,
  });
}

function credentialsOf(keys: Credentials | undefined) {
  return {
    accessKeyId: keys?.AccessKeyId ?? botKeys.accessKeyId,
    secretAccessKey: keys?.SecretAccessKey ?? botKeys.secretAccessKey,
    ...(keys?.SessionToken && { sessionToken: keys.SessionToken }),
  };
}
