import { createHmac, timingSafeEqual } from 'node:crypto';
import { AwsClient } from 'aws4fetch';

/** The least that hands a command on: read the secret, check the signature, start another function. */
const { env } = process;
const aws = new AwsClient({
  accessKeyId: env['AWS_ACCESS_KEY_ID'] ?? '',
  secretAccessKey: env['AWS_SECRET_ACCESS_KEY'] ?? '',
  region: env['AWS_REGION'] ?? '',
});

async function readSecret(name: string): Promise<string> {
  const answer = await aws.fetch(env['AWS_ENDPOINT_URL_SSM'] ?? '', {
    aws: { service: 'ssm' },
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AmazonSSM.GetParameter' },
    body: JSON.stringify({ Name: name, WithDecryption: true }),
  });
  const { Parameter } = (await answer.json()) as { Parameter: { Value: string } };
  return Parameter.Value;
}

export async function handler({ body, headers }: { body: string; headers: Record<string, string> }) {
  const name = env['SLACK_SIGNING_SECRET_PARAMETER'];
  const secret = name === undefined ? (env['SLACK_SIGNING_SECRET'] ?? '') : await readSecret(name);
  const base = `v0:${headers['x-slack-request-timestamp']}:${body}`;
  const expected = Buffer.from(`v0=${createHmac('sha256', secret).update(base).digest('hex')}`);
  const given = Buffer.from(headers['x-slack-signature'] ?? '');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return { statusCode: 401 };
  const url = `${env['AWS_ENDPOINT_URL_LAMBDA']}/2015-03-31/functions/worker/invocations`;
  const { ok } = await aws.fetch(url, {
    aws: { service: 'lambda' },
    headers: { 'x-amz-invocation-type': 'Event' },
    body,
  });
  return { statusCode: ok ? 200 : 500 };
}
