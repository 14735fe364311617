import { App, AwsLambdaReceiver, LogLevel } from '@slack/bolt';

/** Bolt's hello world on Lambda, with its own receiver. */
const receiver = new AwsLambdaReceiver({
  signingSecret: process.env['SLACK_SIGNING_SECRET'] ?? '',
  logLevel: LogLevel.WARN,
});
const app = new App({
  token: process.env['SLACK_BOT_TOKEN'] ?? '',
  receiver,
  clientOptions: { slackApiUrl: process.env['SLACK_API_URL'] ?? '' },
  logLevel: LogLevel.WARN,
});

app.command('/dlq-tasks', async ({ ack }) => {
  await ack('Hello');
});

const started = receiver.start();

export async function handler(event: never) {
  const answer = await started;
  return answer(event, {});
}
