import { App, LogLevel } from '@slack/bolt';

const { SLACK_BOT_TOKEN: token = '', SLACK_SIGNING_SECRET: signingSecret = '' } = process.env;
const { SLACK_API_URL: slackApiUrl = '', BENCH_PEER } = process.env;

/**
 * Bolt's hello world, acknowledge and respond, as its documentation shows it; or a first version of the bot
 * that uses it.
 */
const { firstVersionCard } = BENCH_PEER === 'first version' ? await import('./first-version.ts') : {};
const app = new App({ token, signingSecret, clientOptions: { slackApiUrl }, logLevel: LogLevel.WARN });

app.command('/dlq-tasks', async ({ command, ack, respond, say }) => {
  await ack();
  if (firstVersionCard) await say(await firstVersionCard(command.text));
  else await respond(`Hello <@${command.user_id}>: ${command.text}`);
});

const server = await app.start(0);
const address = server.address();
const port = typeof address === 'object' ? address?.port : address;
process.stdout.write(`${JSON.stringify({ port, msg: 'ready' })}\n`);
