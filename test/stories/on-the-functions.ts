import { plainError } from '../../src/aws/aws-error-from.ts';
import type { Queue } from '../../src/domain/queue.ts';
import { defaultWatchSettings } from '../../src/domain/settings.ts';
import { createDynamodbActionStore } from '../../src/storage/dynamodb/dynamodb-action-store.ts';
import { wireOf } from '../aws/wire-of.ts';
import { type Runnable, startLambda } from '../packaging/lambda-on-this-machine.ts';
import { botToken, signingSecret, startTestSlack } from '../sandbox/slack/test-workspace.ts';
import { recordedLog } from '../support/recorded.ts';
import { startAwsOnTheWire } from './aws-on-the-wire.ts';
import type { Backing, BackingGiven } from './backing.ts';

/** Functions whose settings a story chooses. */
export type Functions = { with(settings: object): Promise<Runnable> };

const patientMs = 60_000;

/** The bot as functions, each in processes of its own, with all of AWS on this machine. */
export async function onTheFunctions(functions: Functions, given: BackingGiven) {
  const { queues, access, readOnly } = given;
  let aheadMs = given.now - Date.now();
  const clock = () => Date.now() + aheadMs;
  const slow = { ackTimeoutMs: patientMs, triggerLifetimeMs: patientMs };
  const slack = await startTestSlack({ ...slow, clock, ...given.slack });
  const aws = await startAwsOnTheWire({ ...given, clock });
  const watch = { ...defaultWatchSettings, followEverySeconds: 75 };
  const packaged = await functions.with({ queues, access, watch });
  const lambda = await startLambda({
    packaged,
    parameters: {
      '/dlq-tasks/dev/slack-signing-secret': signingSecret,
      '/dlq-tasks/dev/slack-bot-token': botToken,
    },
    env: { SLACK_API_URL: slack.apiUrl, ...(readOnly && { DLQ_TASKS_READ_ONLY: '1' }) },
    elsewhere: aws.urls,
    clock,
  });
  lambda.faults.retryAfterMs = 60_000;
  slack.setRequestUrl(lambda.url);
  const config = wireOf(({ headers, body }) => lambda.actionTable.call(headers['x-amz-target'] ?? '', body));
  const { log } = recordedLog();

  const backing: Backing & { lambda: typeof lambda; deploys(env: Record<string, string>): Promise<void> } = {
    slack,
    lambda,
    /** The same functions are deployed with other variables. */
    deploys: (env) => lambda.deploy(packaged, env),
    get clock() {
      return clock();
    },
    set clock(now) {
      aheadMs = now - Date.now();
    },
    actions: createDynamodbActionStore({ config, table: 'Actions', plainError, clock, log }),
    answered: lambda.settled,
    settled: lambda.quiet,
    async timePasses(seconds) {
      const until = clock() + seconds * 1000;
      await lambda.quiet();
      for (let next = lambda.nextDue(); next < until; next = lambda.nextDue()) {
        backing.clock = Math.max(next, clock());
        await lambda.quiet();
      }
      backing.clock = Math.max(until, clock());
      await lambda.quiet();
    },
    reportsStart: (queue, startedAt, by) => lambda.eventBridge(startEvent(queue, startedAt, by)),
    log: () => lambda.logs.join('\n'),
    async [Symbol.asyncDispose]() {
      await lambda[Symbol.asyncDispose]();
      await Promise.all([slack.stop(), aws.stop()]);
    },
  };
  return backing;
}

/** EventBridge's event about a call that CloudTrail has recorded. */
function startEvent(
  { arn, accountId, region, redrive }: Queue,
  at: number,
  by: { user: string; isHere: boolean },
) {
  const time = `${new Date(at).toISOString().slice(0, 19)}Z`;
  const role = by.isHere ? String(redrive?.role.arn.split('/').at(-1)) : 'Ops';
  return {
    'detail-type': 'AWS API Call via CloudTrail',
    source: 'aws.sqs',
    account: accountId,
    region,
    time,
    detail: {
      eventVersion: '1.11',
      eventSource: 'sqs.amazonaws.com',
      eventName: 'StartMessageMoveTask',
      eventTime: time,
      awsRegion: region,
      userIdentity: {
        type: 'AssumedRole',
        arn: `arn:aws:sts::${accountId}:assumed-role/${role}/${by.user}`,
        sessionContext: { sessionIssuer: { userName: role }, ...(by.isHere && { sourceIdentity: by.user }) },
      },
      requestParameters: { sourceArn: arn },
      responseElements: null,
    },
  };
}
