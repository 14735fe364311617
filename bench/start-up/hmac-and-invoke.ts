import { createHmac, timingSafeEqual } from 'node:crypto';
import { AwsClient } from 'aws4fetch';

const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = process.env;
const { AWS_REGION: region = '', AWS_ENDPOINT_URL: endpoint = '' } = process.env;
const { SLACK_SIGNING_SECRET_PARAMETER: Name } = process.env;
const aws = new AwsClient({ accessKeyId, secretAccessKey, region });

async function readSecret(): Promise<string> {
  const answer = await aws.fetch(endpoint, {
    aws: { service: 'ssm' },
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AmazonSSM.GetParameter' },
    body: JSON.stringify({ Name, WithDecryption: true }),
  });
  const { Parameter } = (await answer.json()) as { Parameter: { Value: string } };
  return Parameter.Value;
}

/** The minimum that passes on a command: read the secret, check the signature, start another function. */
export async function handler({ body, headers }: { body: string; headers: Record<string, string> }) {
  const base = `v0:${headers['x-slack-request-timestamp']}:${body}`;
  const hash = createHmac('sha256', await readSecret()).update(base);
  const expected = Buffer.from(`v0=${hash.digest('hex')}`);
  const given = Buffer.from(headers['x-slack-signature'] ?? '');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return { statusCode: 401 };
  const { ok } = await aws.fetch(`${endpoint}/2015-03-31/functions/worker/invocations`, {
    aws: { service: 'lambda' },
    headers: { 'x-amz-invocation-type': 'Event' },
    body,
  });
  return { statusCode: ok ? 200 : 500 };
}
