import type { Message } from './blocks.ts';

/** How an answer treats the message whose button was clicked, and the thread in which it is shown. */
export type Manner = { replaceOriginal?: boolean; deleteOriginal?: boolean; threadTs?: string };

const slackHosts = ['hooks.slack.com', 'hooks.slack-gov.com'];
const timeoutMs = 10_000;

/** A response URL comes in a request; it is followed to Slack, or to the host of the API the bot was given. */
export function isFollowed(responseUrl: string, apiUrl: string): boolean {
  if (!URL.canParse(responseUrl)) return false;
  const url = new URL(responseUrl);
  const api = new URL(apiUrl);
  const isSlack = url.protocol === 'https:' && slackHosts.includes(url.host);
  return isSlack || (url.protocol === api.protocol && url.host === api.host);
}

/** Rejects when Slack does not take it, for example after five uses or half an hour. */
export async function answerByUrl(responseUrl: string, message: Message, manner: Manner = {}): Promise<void> {
  const response = await fetch(responseUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({
      response_type: 'ephemeral',
      replace_original: manner.replaceOriginal ?? false,
      ...(manner.deleteOriginal && { delete_original: true }),
      ...(manner.threadTs !== undefined && { thread_ts: manner.threadTs }),
      ...message,
    }),
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`the response URL answered ${response.status}`);
}
