import type { WebClient } from '@slack/web-api';
import pLimit from 'p-limit';
import type { Membership } from '../domain/doctor/channel-checks.ts';
import { troubleFrom } from './slack-trouble.ts';

/** Slack allows about 50 of these calls a minute. */
const atOnce = 3;

/** Whether the bot is in each channel, which it is if it may read the newest message. The message itself is ignored. */
export function membershipsOf(client: WebClient, channels: readonly string[]): Promise<Membership[]> {
  const limit = pLimit(atOnce);
  return Promise.all(channels.map((channel) => limit(() => membershipOf(client, channel))));
}

async function membershipOf(client: WebClient, channel: string): Promise<Membership> {
  try {
    await client.conversations.history({ channel, limit: 1 });
    return { channel, answer: 'in' };
  } catch (error) {
    const trouble = troubleFrom(error);
    if (trouble.kind === 'rate-limited') return { channel, answer: { code: 'asked too often' } };
    if (trouble.code === 'not_in_channel') return { channel, answer: 'not-in' };
    if (trouble.code === 'channel_not_found') return { channel, answer: 'not-found' };
    return { channel, answer: { code: trouble.code } };
  }
}
