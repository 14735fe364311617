import { type Receipt, ship, sign } from './deliver-over-http.ts';
import type { Workspace } from './workspace.ts';

/** Anything posted to the bot by hand: unsigned, stale, forged, huge or junk. */
export type RawDelivery = {
  body: string;
  /** Form-encoded when left out. */
  contentType?: string;
  /** `valid` when left out; `forged` is signed with another secret. */
  signature?: 'valid' | 'none' | 'forged';
  /** Seconds since it was signed; Slack's own are fresh, and 300 is too many. */
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
  const timestamp = Math.floor(clock() / 1_000) - ageSeconds;
  const secret = signature === 'forged' ? `not ${signingSecret}` : signingSecret;
  const signed = {
    'x-slack-request-timestamp': String(timestamp),
    'x-slack-signature': sign(secret, timestamp, body),
  };
  return ship({
    url,
    body,
    contentType: raw.contentType ?? 'application/x-www-form-urlencoded',
    headers: { ...(signature !== 'none' && signed), ...raw.headers },
    timeoutMs: ackTimeoutMs,
  });
}
