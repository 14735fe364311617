import { App, LogLevel } from '@slack/bolt';

/** Bolt's hello world for a command, as its documentation has it: acknowledge, then respond. */
const { SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET, SLACK_API_URL } = process.env;
const app = new App({
  token: SLACK_BOT_TOKEN ?? '',
  signingSecret: SLACK_SIGNING_SECRET ?? '',
  clientOptions: { slackApiUrl: SLACK_API_URL ?? '' },
  logLevel: LogLevel.WARN,
});

app.command('/dlq-tasks', async ({ command, ack, respond }) => {
  await ack();
  await respond(`Hello <@${command.user_id}>: ${command.text}`);
});

const server = await app.start(0);
const address = server.address();
const port = typeof address === 'object' ? address?.port : address;
process.stdout.write(`${JSON.stringify({ port, msg: 'ready' })}\n`);
