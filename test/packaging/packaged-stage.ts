import { startLocalAws } from '../../sandbox/aws/local-aws.ts';
import { checkShortcut } from '../../src/slack/commands.ts';
import { botToken, signingSecret, startTestSlack } from '../sandbox/slack/test-workspace.ts';
import { type Runnable, startLambda } from './lambda-on-this-machine.ts';

const orders = 'arn:aws:sqs:eu-west-1:111122223333:orders-dlq';
/** The channel follows it. */
export const payments = 'arn:aws:sqs:eu-west-1:111122223333:payments-dlq';

export const settings = `accounts:
  prod:
    id: "111122223333"
    roleArn: arn:aws:iam::111122223333:role/dlq-tasks-status
queues:
  orders-dlq: ${orders}
  payments-dlq: { arn: "${payments}", notify: CGENERAL }
watch: { minPollSeconds: 1, maxPollSeconds: 2, bounceBackAfterSeconds: [] }
`;

/** The packaged functions, with Slack, SQS, STS and the rest of AWS on this machine. */
export async function startPackagedStage(packaged: Runnable, variables: Record<string, string> = {}) {
  const slack = await startTestSlack({ ackTimeoutMs: 15_000, shortcuts: [checkShortcut] });
  const aws = await startLocalAws({
    roles: [{ arn: 'arn:aws:iam::111122223333:role/dlq-tasks-status' }],
    queues: [{ arn: orders }, { arn: payments }],
  });
  const lambda = await startLambda({
    packaged,
    parameters: {
      '/dlq-tasks/dev/slack-signing-secret': signingSecret,
      '/dlq-tasks/dev/slack-bot-token': botToken,
    },
    env: {
      SLACK_API_URL: slack.apiUrl,
      ...variables,
    },
    elsewhere: { sqs: aws.sqsUrl, sts: aws.stsUrl },
  });
  slack.setRequestUrl(lambda.url);
  const started = Date.now() - 60_000;
  const cards = () => slack.messages('CGENERAL').filter(({ author }) => author === 'UBOT');

  async function annTypes(text: string) {
    const result = await slack.as('UANN').types('CGENERAL', text);
    await lambda.settled();
    return result;
  }

  const stage = {
    slack,
    aws,
    lambda,
    cards,
    annTypes,
    /** What SQS lists from now on: one poll each, the last one stays. */
    redrive: (...states: object[]) => stage.redriveOf(orders, ...states),
    redriveOf(arn: string, ...states: object[]): void {
      const counts = { ApproximateNumberOfMessagesMoved: 250, ApproximateNumberOfMessagesToMove: 1_000 };
      const task = { Status: 'RUNNING', SourceArn: arn, StartedTimestamp: started, ...counts };
      aws.script(
        arn,
        states.map((changes) => [{ ...task, ...changes }]),
      );
    },
    /** EventBridge's event for the redrive that Ada has started in the console, unless it is changed. */
    startEvent: (changes: object = {}) => ({
      version: '0',
      id: '7bf73129-1428-4cd3-a780-95db273d1602',
      'detail-type': 'AWS API Call via CloudTrail',
      source: 'aws.sqs',
      account: '111122223333',
      time: new Date(started).toISOString(),
      region: 'eu-west-1',
      resources: [],
      detail: {
        eventVersion: '1.11',
        eventSource: 'sqs.amazonaws.com',
        eventName: 'StartMessageMoveTask',
        eventTime: `${new Date(started).toISOString().slice(0, 19)}Z`,
        awsRegion: 'eu-west-1',
        userIdentity: {
          type: 'AssumedRole',
          arn: 'arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Ops_0123456789abcdef/ada@example.com',
          sessionContext: { sessionIssuer: { userName: 'AWSReservedSSO_Ops_0123456789abcdef' } },
        },
        requestParameters: { sourceArn: payments },
        responseElements: null,
        ...changes,
      },
    }),
    ends: () => stage.redrive({ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1_000 }),
    async annWatches() {
      stage.redrive({}, { ApproximateNumberOfMessagesMoved: 300 });
      await annTypes('/dlq-tasks watch orders-dlq');
      const [card] = cards();
      if (!card) throw new Error('There is no card.');
      return { card, thread: () => slack.thread('CGENERAL', card.ts).slice(1) };
    },
    /** Whether a run of any watch is active. */
    isWatching: () => [...lambda.durable.executions.values()].some(({ status }) => status === 'RUNNING'),
    async [Symbol.asyncDispose]() {
      await lambda[Symbol.asyncDispose]();
      await Promise.all([slack.stop(), aws.stop()]);
    },
  };
  return stage;
}
export type PackagedStage = Awaited<ReturnType<typeof startPackagedStage>>;

export function endsIn(thread: readonly { text: string }[]): string[] {
  return thread.map(({ text }) => text).filter((text) => text.includes('completed'));
}
