import {
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  type ListMessageMoveTasksResultEntry,
  SQSClient,
} from '@aws-sdk/client-sqs';
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
  const queue = command.text;
  const sqs = await clientFor(roleArn);
  const { Results = [] } = await sqs.send(
    new ListMessageMoveTasksCommand({ SourceArn: arnOf(queue), MaxResults: 1 }),
  );
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: `https://sqs.${region}.amazonaws.com/${accountId}/${queue}`,
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'ApproximateNumberOfMessagesDelayed',
      ],
    }),
  );
  await say(card(queue, Results[0], Attributes));
});

/** As much of a card as the bot's own, so that Slack is sent as much. */
function card(queue: string, task: ListMessageMoveTasksResultEntry = {}, depth: Record<string, string>) {
  const moved = task.ApproximateNumberOfMessagesMoved ?? 0;
  const toMove = task.ApproximateNumberOfMessagesToMove ?? 0;
  const percent = Math.round((100 * moved) / toMove);
  const started = new Date(task.StartedTimestamp ?? 0);
  const bar = '█'.repeat(percent / 5).padEnd(20, '░');
  const counts = `${moved} of ${toMove} messages moved`;
  const details = {
    Started: `<!date^${started.getTime() / 1000}^{date_short_pretty} {time}|${started.toISOString()}>`,
    'In the DLQ': `${depth['ApproximateNumberOfMessages']} messages, ${depth['ApproximateNumberOfMessagesNotVisible']} in flight, ${depth['ApproximateNumberOfMessagesDelayed']} delayed`,
    Destination: task.DestinationArn ?? 'the original source queue(s)',
    'Rate limit': `${task.MaxNumberOfMessagesPerSecond ?? 'system optimised'}`,
  };
  const text = (words: string) => ({ type: 'mrkdwn' as const, text: words });
  const button = (id: string, words: string) => ({
    type: 'button' as const,
    action_id: id,
    text: { type: 'plain_text' as const, text: words },
    value: JSON.stringify({ queue: arnOf(queue), startedAt: task.StartedTimestamp }),
  });
  return {
    text: [
      `${queue} (${accountId} · ${region})`,
      `${task.Status} · ${percent} %`,
      counts,
      ...Object.entries(details).map(([label, value]) => `${label}: ${value}`),
    ].join('\n'),
    blocks: [
      { type: 'header' as const, text: { type: 'plain_text' as const, text: queue } },
      { type: 'context' as const, elements: [text(`${accountId} · ${region}`)] },
      { type: 'section' as const, text: text(`*${task.Status}* · ${percent} %\n${bar}\n${counts}`) },
      {
        type: 'section' as const,
        fields: Object.entries(details).map(([label, value]) => text(`*${label}*\n${value}`)),
      },
      {
        type: 'actions' as const,
        elements: [button('refresh', 'Refresh'), button('watch', 'Watch'), button('console', 'AWS console')],
      },
      { type: 'context' as const, elements: [text(`Seen ${new Date().toISOString()}`)] },
    ],
  };
}

const server = await app.start(0);
const address = server.address();
const port = typeof address === 'object' ? address?.port : address;
process.stdout.write(`${JSON.stringify({ port, msg: 'ready' })}\n`);
