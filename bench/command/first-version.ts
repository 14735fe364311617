import { GetQueueAttributesCommand, ListMessageMoveTasksCommand, SQSClient } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { App, LogLevel } from '@slack/bolt';
import { accountId, arnOf, roleArn } from '../shared/bot-settings.ts';

/** The bot as a first version would be written: Bolt's own server, and fresh credentials and clients each time. */
const { SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET, SLACK_API_URL } = process.env;
const region = 'eu-west-1';
const app = new App({
  token: SLACK_BOT_TOKEN ?? '',
  signingSecret: SLACK_SIGNING_SECRET ?? '',
  clientOptions: { slackApiUrl: SLACK_API_URL ?? '' },
  logLevel: LogLevel.WARN,
});

async function clientFor(role: string): Promise<SQSClient> {
  const sts = new STSClient({ region });
  const { Credentials: keys } = await sts.send(
    new AssumeRoleCommand({ RoleArn: role, RoleSessionName: 'first-version' }),
  );
  const credentials = {
    accessKeyId: keys?.AccessKeyId ?? '',
    secretAccessKey: keys?.SecretAccessKey ?? '',
    sessionToken: keys?.SessionToken ?? '',
  };
  return new SQSClient({ region, credentials, useQueueUrlAsEndpoint: false });
}

app.command('/dlq-tasks', async ({ command, ack, say }) => {
  await ack();
  const sqs = await clientFor(roleArn);
  const { Results = [] } = await sqs.send(
    new ListMessageMoveTasksCommand({ SourceArn: arnOf(command.text), MaxResults: 1 }),
  );
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: `https://sqs.${region}.amazonaws.com/${accountId}/${command.text}`,
      AttributeNames: ['ApproximateNumberOfMessages'],
    }),
  );
  const [task] = Results;
  const moved = `${task?.ApproximateNumberOfMessagesMoved} of ${task?.ApproximateNumberOfMessagesToMove}`;
  await say(
    `*${command.text}*: ${task?.Status}, ${moved} moved. In the DLQ: ${Attributes['ApproximateNumberOfMessages']}.`,
  );
});

const server = await app.start(0);
const address = server.address();
const port = typeof address === 'object' ? address?.port : address;
process.stdout.write(`${JSON.stringify({ port, msg: 'ready' })}\n`);
