import type { FetchFunction } from '@slack/web-api';
import type { Message } from './block-kit.ts';
import { noAnswerOfSlacks, type SlackFailure, slackFailureFrom } from './slack-failure.ts';

/** What an answer does to the message whose button was clicked, who sees it, and in which thread it is shown. */
export type ResponseOptions = {
  replaceOriginal?: boolean;
  deleteOriginal?: boolean;
  inChannel?: boolean;
  threadTs?: string;
};

const slackHosts = ['hooks.slack.com', 'hooks.slack-gov.com'];
const timeoutMs = 10_000;

/**
 * A response URL is part of the request. It is called only if it leads to Slack, or to the host of the configured API.
 */
export function isResponseUrl(responseUrl: string, apiUrl: string): boolean {
  if (!URL.canParse(responseUrl)) return false;
  const url = new URL(responseUrl);
  const api = new URL(apiUrl);
  const isSlack = url.protocol === 'https:' && slackHosts.includes(url.host);
  return isSlack || (url.protocol === api.protocol && url.host === api.host);
}

/** Resolves with why Slack rejected it, for example after five uses or half an hour; undefined if it was accepted. */
export async function answerByUrl(
  responseUrl: string,
  message: Message,
  options: ResponseOptions = {},
  send: FetchFunction = fetch,
): Promise<SlackFailure | undefined> {
  try {
    const response = await send(responseUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({
        response_type: options.inChannel ? 'in_channel' : 'ephemeral',
        replace_original: options.replaceOriginal ?? false,
        delete_original: options.deleteOriginal,
        thread_ts: options.threadTs,
        ...message,
      }),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const said = await response.text().catch(() => '');
    if (!response.ok) return failureOf(response);
    return isPage(said) ? { kind: 'in-doubt', code: noAnswerOfSlacks } : refusalIn(said);
  } catch (error) {
    return slackFailureFrom(error);
  }
}

/** Also with status 200. */
function refusalIn(body: string): SlackFailure | undefined {
  const code = /^\s*\{"ok":\s*false,\s*"error":\s*"([a-z0-9_]{1,80})"/.exec(body)?.[1];
  return code === undefined ? undefined : { kind: 'refused', code };
}

/** Slack answers `ok`, or with an empty body. */
function isPage(body: string): boolean {
  return body.trimStart().startsWith('<');
}

function failureOf({ status, headers }: Awaited<ReturnType<FetchFunction>>): SlackFailure {
  if (status === 429) {
    const retryAfterSeconds = Number.parseInt(headers.get('retry-after') ?? '', 10);
    return { kind: 'rate-limited', ...(retryAfterSeconds >= 0 && { retryAfterSeconds }) };
  }
  return { kind: status >= 500 ? 'in-doubt' : 'refused', code: `HTTP ${status}` };
}
