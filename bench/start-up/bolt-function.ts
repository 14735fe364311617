import { App, AwsLambdaReceiver, LogLevel, type SlackCommandMiddlewareArgs } from '@slack/bolt';

const { SLACK_BOT_TOKEN: token = '', SLACK_SIGNING_SECRET: signingSecret = '' } = process.env;
const { SLACK_API_URL: slackApiUrl = '' } = process.env;

/** A function that answers `/dlq-tasks` with Bolt's own receiver, as its documentation shows it. */
export function boltFunction(onCommand: (args: SlackCommandMiddlewareArgs) => Promise<void>) {
  const receiver = new AwsLambdaReceiver({ signingSecret, logLevel: LogLevel.WARN });
  const app = new App({ token, receiver, clientOptions: { slackApiUrl }, logLevel: LogLevel.WARN });
  app.command('/dlq-tasks', onCommand);
  const started = receiver.start();
  return async (event: never) => (await started)(event, {});
}
