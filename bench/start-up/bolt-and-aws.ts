import { ListMessageMoveTasksCommand, SQSClient } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { App, AwsLambdaReceiver, LogLevel } from '@slack/bolt';

/** What one would write first: Bolt with SQS and STS, which are asked when a command wants it. */
const { env } = process;
const sts = new STSClient({});
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

app.command('/dlq-tasks', async ({ ack, command, respond }) => {
  if (command.text === 'help') return ack('Hello');
  const role = { RoleArn: 'arn:aws:iam::111122223333:role/dlq-tasks-status', RoleSessionName: 'bench' };
  const { Credentials } = await sts.send(new AssumeRoleCommand(role));
  const {
    AccessKeyId: accessKeyId = '',
    SecretAccessKey: secretAccessKey = '',
    SessionToken,
  } = Credentials ?? {};
  const sqs = new SQSClient({
    credentials: { accessKeyId, secretAccessKey, ...(SessionToken && { sessionToken: SessionToken }) },
  });
  const SourceArn = 'arn:aws:sqs:eu-west-1:111122223333:orders-dlq';
  const { Results = [] } = await sqs.send(new ListMessageMoveTasksCommand({ SourceArn }));
  await ack();
  await respond(`${Results.length} redrives`);
});

const started = receiver.start();

export async function handler(event: never) {
  const answer = await started;
  return answer(event, {});
}
