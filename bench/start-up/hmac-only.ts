import { createHmac, timingSafeEqual } from 'node:crypto';

/** The least that a handler for Slack can do: check the signature and answer. */
export async function handler({ body, headers }: { body: string; headers: Record<string, string> }) {
  const base = `v0:${headers['x-slack-request-timestamp']}:${body}`;
  const secret = process.env['SLACK_SIGNING_SECRET'] ?? '';
  const expected = Buffer.from(`v0=${createHmac('sha256', secret).update(base).digest('hex')}`);
  const given = Buffer.from(headers['x-slack-signature'] ?? '');
  const isSigned = given.length === expected.length && timingSafeEqual(given, expected);
  return { statusCode: isSigned ? 200 : 401, body: '' };
}
