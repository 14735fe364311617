import { type Receipt, ship, signatureOf } from './deliver-over-http.ts';
import type { Workspace } from './workspace.ts';

/** Anything posted to the bot by hand: unsigned, stale, forged, huge or malformed. */
export type RawDelivery = {
  body: string;
  /** Form-encoded by default. */
  contentType?: string;
  /** `valid` by default; `forged` is signed with another secret. */
  signature?: 'valid' | 'none' | 'forged';
  /** Seconds since it was signed; Slack's own are fresh, and 300 is too old. */
  ageSeconds?: number;
  headers?: Record<string, string>;
};

export function deliverRaw(
  workspace: Workspace,
  url: string,
  raw: RawDelivery,
): Promise<Receipt | undefined> {
  const { signingSecret, clock, ackTimeoutMs } = workspace.settings;
  const { body, signature = 'valid', ageSeconds = 0 } = raw;
  const secret = signature === 'forged' ? `not ${signingSecret}` : signingSecret;
  const signed = signatureOf({ signingSecret: secret, clock }, body, ageSeconds);
  return ship({
    url,
    body,
    contentType: raw.contentType ?? 'application/x-www-form-urlencoded',
    headers: { ...(signature !== 'none' && signed), ...raw.headers },
    timeoutMs: ackTimeoutMs,
  });
}
