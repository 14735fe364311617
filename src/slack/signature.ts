import { createHmac, timingSafeEqual } from 'node:crypto';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** A request as Slack sent it: the body byte for byte, the names of the headers in lower case. */
export type SignedRequest = { body: string; headers: Readonly<Record<string, string | undefined>> };

export type SignatureRule = {
  signingSecret: string;
  /** Epoch milliseconds. */
  now: number;
  /** Slack advises five minutes where its requests arrive. */
  maxAgeSeconds: number;
};

/** Why a request is not taken for Slack's. `future`: this machine's clock may be slow. */
export type NotFromSlack = 'unsigned' | 'stale' | 'future' | 'wrong secret';

/** What the headers show by themselves, before a body is read or a secret is known. */
export function headerFault(
  headers: Headers,
  { now, maxAgeSeconds }: Omit<SignatureRule, 'signingSecret'>,
): NotFromSlack | undefined {
  const { 'x-slack-signature': signature, 'x-slack-request-timestamp': signedAt } = headers;
  if (typeof signature !== 'string' || typeof signedAt !== 'string') return 'unsigned';
  if (!/^v0=[0-9a-f]{64}$/.test(signature) || !/^\d{1,12}$/.test(signedAt)) return 'unsigned';
  const ageSeconds = now / 1_000 - Number(signedAt);
  if (Math.abs(ageSeconds) <= maxAgeSeconds) return undefined;
  return ageSeconds > 0 ? 'stale' : 'future';
}

/** https://docs.slack.dev/authentication/verifying-requests-from-slack */
export function signatureFault(
  { body, headers }: { body: string; headers: Headers },
  rule: SignatureRule,
): NotFromSlack | undefined {
  const fault = headerFault(headers, rule);
  if (fault) return fault;
  if (rule.signingSecret === '') return 'wrong secret';
  const { 'x-slack-signature': signature, 'x-slack-request-timestamp': signedAt } = headers;
  const hash = createHmac('sha256', rule.signingSecret).update(`v0:${signedAt}:${body}`).digest('hex');
  return timingSafeEqual(Buffer.from(String(signature)), Buffer.from(`v0=${hash}`))
    ? undefined
    : 'wrong secret';
}
