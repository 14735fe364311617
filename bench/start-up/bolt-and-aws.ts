import { GetQueueAttributesCommand, ListMessageMoveTasksCommand, SQSClient } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { App, AwsLambdaReceiver, LogLevel } from '@slack/bolt';

/**
 * What one would write first: all of Bolt, and SQS and STS with the SDK's own search for credentials. A command costs
 * the requests of the worker, in the same order: auth.test, AssumeRole, the tasks and the depth at once, one post.
 */
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

app.command('/dlq-tasks', async ({ ack, command, client }) => {
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
  const QueueUrl = `${env['AWS_ENDPOINT_URL_SQS']}/111122223333/orders-dlq`;
  const [{ Results = [] }, { Attributes }] = await Promise.all([
    sqs.send(new ListMessageMoveTasksCommand({ SourceArn })),
    sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] })),
  ]);
  const text = `${Results.length} redrives, ${Attributes?.['ApproximateNumberOfMessages']} messages`;
  await client.chat.postMessage({ channel: command.channel_id, text });
  await ack();
});

const started = receiver.start();

export async function handler(event: never) {
  const answer = await started;
  return answer(event, {});
}
