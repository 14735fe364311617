import { createHmac, timingSafeEqual } from 'node:crypto';

/** A request as Slack sent it: the body byte for byte, the names of the headers in lower case. */
export type SignedRequest = { body: string; headers: Readonly<Record<string, string | undefined>> };

export type SignatureRule = {
  signingSecret: string;
  /** Epoch milliseconds. */
  now: number;
  /** Slack advises five minutes where its requests arrive. */
  maxAgeSeconds: number;
};

/** https://docs.slack.dev/authentication/verifying-requests-from-slack */
export function isSignedBySlack({ body, headers }: SignedRequest, rule: SignatureRule): boolean {
  const { 'x-slack-signature': signature = '', 'x-slack-request-timestamp': signedAt = '' } = headers;
  if (rule.signingSecret === '' || !/^\d{1,12}$/.test(signedAt)) return false;
  const ageSeconds = Math.abs(rule.now / 1_000 - Number(signedAt));
  if (ageSeconds > rule.maxAgeSeconds) return false;
  const hash = createHmac('sha256', rule.signingSecret).update(`v0:${signedAt}:${body}`).digest('hex');
  return isSame(signature, `v0=${hash}`);
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
