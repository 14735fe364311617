import {
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  type ListMessageMoveTasksResultEntry,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';

const region = 'eu-west-1';
const account = '111122223333';
const text = (words: string) => ({ type: 'mrkdwn' as const, text: words });

/** The card as a first version would make it: fresh clients and a fresh AssumeRole for each command. */
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
  return card(queue, Results[0], Attributes);
}

/** As much of a card as the bot's own, so that Slack is sent as much. */
function card(queue: string, task: ListMessageMoveTasksResultEntry = {}, depth: Record<string, string>) {
  const { ApproximateNumberOfMessagesMoved: moved = 0, ApproximateNumberOfMessagesToMove: toMove = 1 } = task;
  const percent = Math.round((100 * moved) / toMove);
  const bar = '█'.repeat(percent / 5).padEnd(20, '░');
  const said = `*${task.Status}* · ${percent} %\n${bar}\n${moved} of ${toMove} messages moved`;
  const details = [
    `*Started*\n${new Date(task.StartedTimestamp ?? 0).toISOString()}`,
    `*In the DLQ*\n${Object.values(depth).join(' messages, in flight or delayed ')}`,
    `*Destination*\n${task.DestinationArn ?? 'the original source queue(s)'}`,
    `*Rate limit*\n${task.MaxNumberOfMessagesPerSecond ?? 'system optimised'}`,
  ];
  const button = (name: string) => ({
    type: 'button' as const,
    action_id: name,
    text: { type: 'plain_text' as const, text: name },
    value: JSON.stringify({ queue, startedAt: task.StartedTimestamp }),
  });
  return {
    text: [queue, said, ...details].join('\n'),
    blocks: [
      { type: 'header' as const, text: { type: 'plain_text' as const, text: queue } },
      { type: 'context' as const, elements: [text(`${account} · ${region}`)] },
      { type: 'section' as const, text: text(said) },
      { type: 'section' as const, fields: details.map(text) },
      { type: 'actions' as const, elements: ['Refresh', 'Watch', 'AWS console'].map(button) },
      { type: 'context' as const, elements: [text(`Seen ${new Date().toISOString()}`)] },
    ],
  };
}
