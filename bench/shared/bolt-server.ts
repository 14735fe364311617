import { App, LogLevel } from '@slack/bolt';

/** Bolt's hello world, acknowledge and respond, as its documentation has it; or a first version of the bot on it. */
const { env } = process;
const isFirstVersion = env['BENCH_PEER'] === 'first version';
const { firstVersionCard } = isFirstVersion ? await import('./first-version.ts') : {};
const app = new App({
  token: env['SLACK_BOT_TOKEN'] ?? '',
  signingSecret: env['SLACK_SIGNING_SECRET'] ?? '',
  clientOptions: { slackApiUrl: env['SLACK_API_URL'] ?? '' },
  logLevel: LogLevel.WARN,
});

app.command('/dlq-tasks', async ({ command, ack, respond, say }) => {
  await ack();
  if (firstVersionCard) await say(await firstVersionCard(command.text));
  else await respond(`Hello <@${command.user_id}>: ${command.text}`);
});

const server = await app.start(0);
const address = server.address();
const port = typeof address === 'object' ? address?.port : address;
process.stdout.write(`${JSON.stringify({ port, msg: 'ready' })}\n`);
