import { type Logger, SocketModeReceiver } from '@slack/bolt';

export type SocketReceiverOptions = {
  appToken: string;
  apiUrl: string;
  logger: Logger;
};

/** After so long without a pong the connection is renewed; Bolt's own 5 s leave it deaf for as long at each refresh. */
const pingTimeoutMs = 1_000;

/**
 * Slack's requests over Socket Mode. An error in one of them is logged, and Slack told nothing. When Slack lets the bot
 * in no more, Bolt's client says so by a rejection that nobody can await: the process has to listen for it.
 */
export function createSocketReceiver(options: SocketReceiverOptions): SocketModeReceiver {
  const { appToken, apiUrl, logger } = options;
  return new SocketModeReceiver({
    appToken,
    logger,
    clientPingTimeout: pingTimeoutMs,
    installerOptions: { clientOptions: { slackApiUrl: apiUrl, allowAbsoluteUrls: false } },
    processEventErrorHandler: async ({ error }) => {
      logger.error('a request from Slack could not be handled', error);
      return false;
    },
  });
}
