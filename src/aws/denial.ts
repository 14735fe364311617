import { harmlessDetail } from './harmless-detail.ts';

/** What AWS says about a denial: the denied action, which may differ from the one that was called, and the reason. */
export type Denial = { action?: string; reason?: string };

const namedAction = /\bnot authorized to perform:?\s+([a-z0-9-]{2,40}:[a-z]{2,80})\b/i;

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
const givenReason = /\b(?:with (an explicit deny\b.{0,400}?)|because (.{1,400}?))\.?$/i;

export function denialIn(message: string): Denial {
  const line = message.slice(0, 5_000).replace(/\s+/g, ' ').trim();
  const action = namedAction.exec(line)?.[1];
  const [, deny, because] = givenReason.exec(line) ?? [];
  const reason = harmlessDetail(deny ?? because).slice(0, 300);
  return { ...(action !== undefined && { action }), ...(reason !== '' && { reason }) };
}
