import { createHmac, timingSafeEqual } from 'node:crypto';
import { AwsClient } from 'aws4fetch';

/** The least that hands a command on: check the signature, start another function with a signed request. */
const { env } = process;
const aws = new AwsClient({
  accessKeyId: env['AWS_ACCESS_KEY_ID'] ?? '',
  secretAccessKey: env['AWS_SECRET_ACCESS_KEY'] ?? '',
  region: env['AWS_REGION'] ?? '',
  service: 'lambda',
});

export async function handler({ body, headers }: { body: string; headers: Record<string, string> }) {
  const base = `v0:${headers['x-slack-request-timestamp']}:${body}`;
  const expected = Buffer.from(
    `v0=${createHmac('sha256', env['SLACK_SIGNING_SECRET'] ?? '')
      .update(base)
      .digest('hex')}`,
  );
  const given = Buffer.from(headers['x-slack-signature'] ?? '');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return { statusCode: 401 };
  const url = `${env['AWS_ENDPOINT_URL_LAMBDA']}/2015-03-31/functions/worker/invocations`;
  const { ok } = await aws.fetch(url, { headers: { 'x-amz-invocation-type': 'Event' }, body });
  return { statusCode: ok ? 200 : 500 };
}
