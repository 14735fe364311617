import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { startLocalAws } from '../../sandbox/aws/local-aws.ts';
import type { LocalSlackOptions } from '../../sandbox/slack/local-slack.ts';
import { botToken, signingSecret, startTestSlack } from '../sandbox/slack/test-workspace.ts';
import { aQueue } from './builders.ts';
import { startServerProcess } from './server-process.ts';

export const orders = aQueue();
export const payments = aQueue({ name: 'payments-dlq' });

/** No part of it looks like anything that is written for people. */
export const awsSecretKey = 'kJ8vQ2xW0pLr5TzN7mYb3HcD1sFg9aEu';

export const redriveRoleArn = `arn:aws:iam::${orders.accountId}:role/dlq-tasks-redrive`;

/** Ann may request redrives and Bob approves them, if a stage has them. */
const redrive = { requesters: { users: ['UANN'] }, approvers: { users: ['UBOB'] } };

const settingsWith = (canAct: boolean) => ({
  accounts: {
    prod: { id: orders.accountId, roleArn: orders.role.arn, ...(canAct && { redriveRoleArn }) },
  },
  queues: { 'orders-dlq': orders.arn, 'payments-dlq': payments.arn },
  ...(canAct && { redrive }),
});

/** The local Slack and the local AWS, and the environment that points the server to them. */
export async function startServerStage(slackOptions: Partial<LocalSlackOptions> = {}, canAct = false) {
  const folder = await mkdtemp(join(tmpdir(), 'dlq-tasks-server-'));
  const [slack, aws] = await Promise.all([
    startTestSlack(slackOptions),
    startLocalAws({
      roles: [orders.role, { arn: redriveRoleArn, redrives: true, trust: ['sts:SetSourceIdentity'] }],
    }),
  ]);
  const config = join(folder, 'dlq-tasks.yml');
  await writeFile(config, stringify(settingsWith(canAct)));
  const variables: Record<string, string> = {
    SLACK_BOT_TOKEN: botToken,
    SLACK_SIGNING_SECRET: signingSecret,
    SLACK_API_URL: slack.apiUrl,
    PORT: '0',
    DLQ_TASKS_CONFIG: config,
    DLQ_TASKS_DATA: join(folder, 'data'),
    AWS_ENDPOINT_URL_SQS: aws.sqsUrl,
    AWS_ENDPOINT_URL_STS: aws.stsUrl,
    AWS_ENDPOINT_URL_CLOUDTRAIL: aws.cloudTrailUrl,
    AWS_ACCESS_KEY_ID: 'AKIASTAGE',
    AWS_SECRET_ACCESS_KEY: awsSecretKey,
    AWS_REGION: 'eu-west-1',
  };
  return {
    slack,
    aws,
    config,
    variables,
    spawn: (changes: Record<string, string> = {}) => startServerProcess({ ...variables, ...changes }),
    /** The server, ready, with Slack's commands and clicks leading to it. */
    async open(changes: Record<string, string> = {}) {
      const server = startServerProcess({ ...variables, ...changes });
      const port = await server.ready();
      if (changes['SLACK_APP_TOKEN'] === undefined) {
        slack.setRequestUrl(`http://127.0.0.1:${port}/slack/events`);
      }
      return Object.assign(server, { port });
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([slack.stop(), aws.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
export type ServerStage = Awaited<ReturnType<typeof startServerStage>>;
