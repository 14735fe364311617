import { ErrorCode, WebClient } from '@slack/web-api';

const nothing = () => {};

/** Slack's own client, without retries and without its own log lines. */
export function webClient(apiUrl: string, token?: string, retries = 0): WebClient {
  return new WebClient(token, {
    slackApiUrl: apiUrl,
    retryConfig: { retries, minTimeout: 1 },
    rejectRateLimitedCalls: true,
    logger: {
      debug: nothing,
      info: nothing,
      warn: nothing,
      error: nothing,
      setLevel: nothing,
      setName: nothing,
      getLevel: () => 'error' as never,
    },
  });
}

/** Slack's error code, the client's if there was no answer, or ok. */
export async function outcome(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => 'ok',
    (error) => (error.code === ErrorCode.PlatformError ? error.data.error : error.code),
  );
}
