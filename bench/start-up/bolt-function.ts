import { App, AwsLambdaReceiver, LogLevel, type SlackCommandMiddlewareArgs } from '@slack/bolt';

/** A function that answers `/dlq-tasks` with Bolt's own receiver, as its documentation has it. */
export function boltFunction(onCommand: (args: SlackCommandMiddlewareArgs) => Promise<void>) {
  const { env } = process;
  const receiver = new AwsLambdaReceiver({
    signingSecret: env['SLACK_SIGNING_SECRET'] ?? '',
    logLevel: LogLevel.WARN,
  });
  const app = new App({
    token: env['SLACK_BOT_TOKEN'] ?? '',
    receiver,
    clientOptions: { slackApiUrl: env['SLACK_API_URL'] ?? '' },
    logLevel: LogLevel.WARN,
  });
  app.command('/dlq-tasks', onCommand);
  const started = receiver.start();
  return async (event: never) => (await started)(event, {});
}
