import { expect } from 'vitest';
import { startLocalAws } from '../../sandbox/aws/local-aws.ts';
import { botToken, signingSecret, startTestSlack } from '../sandbox/slack/test-workspace.ts';
import { type Runnable, startLambda } from './lambda-on-this-machine.ts';

export const arn = 'arn:aws:sqs:eu-west-1:111122223333:orders-dlq';
const redriveRole = 'arn:aws:iam::111122223333:role/dlq-tasks-redrive';

/** Ann asks and Bob approves. */
export const actingSettings = `accounts:
  prod:
    id: "111122223333"
    roleArn: arn:aws:iam::111122223333:role/dlq-tasks-status
    redriveRoleArn: ${redriveRole}
queues:
  orders-dlq: ${arn}
watch: { minPollSeconds: 1, maxPollSeconds: 2, bounceBackAfterSeconds: [] }
redrive: { requesters: { users: [UANN] }, approvers: { users: [UBOB] } }
`;

const within = { timeout: 60_000, interval: 20 };

/** The functions, deployed with actions, before a queue with 40 messages. */
export async function startActingStage(packaged: Runnable, variables: Record<string, string> = {}) {
  // A function may take seconds to start on a busy machine.
  const slack = await startTestSlack({ ackTimeoutMs: 15_000, triggerLifetimeMs: 15_000 });
  const aws = await startLocalAws({
    roles: [
      { arn: 'arn:aws:iam::111122223333:role/dlq-tasks-status' },
      { arn: redriveRole, redrives: true, trust: ['sts:SetSourceIdentity'] },
    ],
  });
  await aws.caretaker.addQueue({ arn });
  await aws.caretaker.deadLetter(arn, 40);
  const lambda = await startLambda({
    packaged,
    parameters: {
      '/dlq-tasks/dev/slack-signing-secret': signingSecret,
      '/dlq-tasks/dev/slack-bot-token': botToken,
    },
    env: { SLACK_API_URL: slack.apiUrl, ...variables },
    elsewhere: { sqs: aws.sqsUrl, sts: aws.stsUrl },
  });
  slack.setRequestUrl(lambda.url);

  const ours = () => slack.messages('CGENERAL').filter(({ author }) => author === 'UBOT');
  const stage = {
    slack,
    aws,
    lambda,
    ours,
    formOf: (person: string) => JSON.stringify(slack.as(person).modal() ?? ''),
    told: (person: string) => slack.privateWords(person).map(({ text }) => text),
    thread: () =>
      slack
        .thread('CGENERAL', ours()[0]?.ts ?? '')
        .slice(1)
        .map(({ text }) => text),
    shown: () => ours()[0]?.text ?? '',
    shows: (words: string | RegExp) => expect.poll(() => stage.shown(), within).toMatch(words),
    calls: (action: string) => aws.requests.filter((request) => request.action === action).length,
    /** What the record says of the newest action, step by step. */
    states: () =>
      [...lambda.actionTable.items.values()]
        .filter((item) => item['to'])
        .map((item) => `${item['from']?.S ?? ''}>${item['to']?.S}`),
    async opensForm() {
      await slack.as('UANN').types('CGENERAL', '/dlq-tasks redrive orders-dlq 1');
      await expect.poll(() => stage.formOf('UANN'), within).toContain('about 40 waiting');
    },
    async submits() {
      await stage.opensForm();
      await slack.as('UANN').submits({ Reason: 'The bug is fixed' });
    },
    async requested() {
      await stage.submits();
      await stage.shows('Waiting for approval.');
    },
    async clicks(person: string, words: string) {
      const [message] = ours();
      if (!message) throw new Error('There is no message.');
      const { ok } = await slack.as(person).clicks(message, words);
      if (!ok) throw new Error(`There is no button ${words}.`);
    },
    async [Symbol.asyncDispose]() {
      await lambda[Symbol.asyncDispose]();
      await Promise.all([slack.stop(), aws.stop()]);
    },
  };
  return stage;
}
export type ActingStage = Awaited<ReturnType<typeof startActingStage>>;
