import { GetQueueAttributesCommand, ListMessageMoveTasksCommand, SQSClient } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';

const region = 'eu-west-1';
const account = '111122223333';

/** The card as a first version would build it: new clients and a new AssumeRole for each command. */
export async function firstVersionCard(queue: string) {
  const role = { RoleArn: `arn:aws:iam::${account}:role/dlq-tasks-status`, RoleSessionName: 'first-version' };
  const { Credentials: keys } = await new STSClient({ region }).send(new AssumeRoleCommand(role));
  const credentials = {
    accessKeyId: keys?.AccessKeyId ?? '',
    secretAccessKey: keys?.SecretAccessKey ?? '',
    sessionToken: keys?.SessionToken ?? '',
  };
  const sqs = new SQSClient({ region, credentials, useQueueUrlAsEndpoint: false });
  const SourceArn = `arn:aws:sqs:${region}:${account}:${queue}`;
  const QueueUrl = `https://sqs.${region}.amazonaws.com/${account}/${queue}`;
  const [{ Results = [] }, { Attributes = {} }] = await Promise.all([
    sqs.send(new ListMessageMoveTasksCommand({ SourceArn, MaxResults: 1 })),
    sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] })),
  ]);
  const said = Object.entries({ ...Results[0], ...Attributes }).map(([name, value]) => `*${name}*: ${value}`);
  return cardOf(
    [`*${queue}* in ${account}, ${region}`, ...said, `Seen ${new Date().toISOString()}`],
    QueueUrl,
  );
}

/** Everything that AWS said, and three buttons; slightly less JSON than the bot's own card. */
function cardOf(lines: readonly string[], queueUrl: string) {
  const url = `https://${region}.console.aws.amazon.com/sqs/v3/home?region=${region}#/queues/${encodeURIComponent(queueUrl)}`;
  const sections = lines.map((text) => ({
    type: 'section' as const,
    text: { type: 'mrkdwn' as const, text, verbatim: true },
  }));
  const buttons = ['Refresh', 'Watch', 'AWS console'].map((text) => ({
    type: 'button' as const,
    text: { type: 'plain_text' as const, text },
    url,
  }));
  return { text: lines.join('\n'), blocks: [...sections, { type: 'actions' as const, elements: buttons }] };
}
