import { RegoEngine, TemplateFile } from '@aws/cloudformation-validate';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type LocalAws, startLocalAws } from '../../src/sandbox/aws/local-aws.ts';
import type { LocalSlack } from '../../src/sandbox/slack/local-slack.ts';
import { botToken, signingSecret, startTestSlack } from '../sandbox/slack/test-workspace.ts';
import { functionOf, startLambda } from './lambda-on-this-machine.ts';
import { type Packaged, packageInAClone } from './package-in-a-clone.ts';

const settings = `accounts:
  prod:
    id: "111122223333"
    roleArn: arn:aws:iam::111122223333:role/dlq-tasks-status
queues:
  orders-dlq: arn:aws:sqs:eu-west-1:111122223333:orders-dlq
`;
const orders = 'arn:aws:sqs:eu-west-1:111122223333:orders-dlq';

let packaged: Packaged;
beforeAll(async () => {
  packaged = await packageInAClone(settings);
}, 120_000);
afterAll(() => packaged?.[Symbol.asyncDispose]());

const properties = (name: string) => packaged.template.Resources[name]?.Properties ?? {};
const ofType = (type: string) =>
  Object.entries(packaged.template.Resources).flatMap(([name, it]) => (it.Type === type ? [name] : []));

describe('the template', () => {
  test('is valid for CloudFormation', () => {
    const engine = new RegoEngine();
    const { status, diagnostics } = engine.validateStandard(new TemplateFile(packaged.templatePath));
    engine.free();
    const wrong = diagnostics.filter(({ severity }) => severity === 'ERROR' || severity === 'FATAL');
    expect([status, wrong]).toEqual(['OK', []]);
  });

  test('runs both functions on Node 24, each with a role of its own, with time and memory to do their work', () => {
    const common = { Runtime: 'nodejs24.x', Architectures: ['arm64'] };
    expect(ofType('AWS::Lambda::Function')).toEqual(['FrontLambdaFunction', 'WorkerLambdaFunction']);
    expect([properties('FrontLambdaFunction'), properties('WorkerLambdaFunction')]).toMatchObject([
      { ...common, MemorySize: 512, Timeout: 5, Role: { 'Fn::GetAtt': ['FrontRole', 'Arn'] } },
      { ...common, MemorySize: 1024, Timeout: 90, Role: { 'Fn::GetAtt': ['WorkerRole', 'Arn'] } },
    ]);
  });

  test('starts the worker no more than once for each request', () => {
    expect(properties('WorkerLambdaEvConf')).toMatchObject({
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 120,
    });
  });

  test('lets each function do what it needs, and no more', () => {
    expect({ front: allowed('FrontRole'), worker: allowed('WorkerRole') }).toEqual({
      front: [
        'logs:CreateLogStream on FrontLogGroup',
        'logs:PutLogEvents on FrontLogGroup',
        'lambda:InvokeFunction on WorkerLambdaFunction',
        `ssm:GetParameter on ${parameterArn('slack-signing-secret')}`,
      ],
      worker: [
        'logs:CreateLogStream on WorkerLogGroup',
        'logs:PutLogEvents on WorkerLogGroup',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own
        'sts:AssumeRole on arn:${AWS::Partition}:iam::*:role/dlq-tasks-status',
        `ssm:GetParameter on ${parameterArn('slack-signing-secret')}`,
        `ssm:GetParameter on ${parameterArn('slack-bot-token')}`,
      ],
    });
    expect(ofType('AWS::IAM::Role')).toEqual(['FrontRole', 'WorkerRole']);
  });

  test('opens a door to the front alone', () => {
    const targets = ofType('AWS::Lambda::Permission').map((name) => properties(name)['FunctionName']);
    expect(targets.map((target) => Object(target)['Fn::GetAtt'])).toEqual([
      ['FrontLambdaFunction', 'Arn'],
      ['FrontLambdaFunction', 'Arn'],
    ]);
    expect(ofType('AWS::Lambda::Url')).toEqual(['FrontLambdaFunctionUrl']);
  });

  test('keeps logs for a while, and rings when the worker fails or does not start', () => {
    const logs = ofType('AWS::Logs::LogGroup').map((name) => properties(name)['RetentionInDays']);
    const alarms = ofType('AWS::CloudWatch::Alarm').map((name) => [
      properties(name)['MetricName'],
      properties(name)['AlarmActions'],
    ]);
    expect({ logs, alarms }).toEqual({
      logs: [30, 30],
      alarms: [
        ['Errors', [{ Ref: 'Alarms' }]],
        ['AsyncEventsDropped', [{ Ref: 'Alarms' }]],
      ],
    });
  });

  test('holds the names of the secrets, and neither of them', () => {
    expect([functionOf(packaged.template, 'front'), functionOf(packaged.template, 'worker')]).toMatchObject([
      { Environment: { SLACK_SIGNING_SECRET_PARAMETER: '/dlq-tasks/dev/slack-signing-secret' } },
      { Environment: { SLACK_BOT_TOKEN_PARAMETER: '/dlq-tasks/dev/slack-bot-token' } },
    ]);
  });
});

describe('the archives', () => {
  test('hold the handlers, and the worker’s the settings', () => {
    expect({
      front: [...packaged.archives.front.keys()].toSorted(),
      worker: [...packaged.archives.worker.keys()].toSorted(),
      settings: packaged.archives.worker.get('dlq-tasks.yml')?.toString(),
    }).toEqual({
      front: ['src/entry/lambda-front.mjs', 'src/entry/lambda-front.mjs.map'],
      worker: ['dlq-tasks.yml', 'src/entry/lambda-worker.mjs', 'src/entry/lambda-worker.mjs.map'],
      settings,
    });
    expect(functionOf(packaged.template, 'front').Handler).toBe('src/entry/lambda-front.handler');
    expect(functionOf(packaged.template, 'worker').Handler).toBe('src/entry/lambda-worker.handler');
  });

  test('leave out what is not needed', () => {
    const unneeded = {
      front: ['@slack/', 'zod', 'yaml', 'pino', '@aws-sdk/client-sqs'],
      worker: ['@slack/oauth', '@slack/socket-mode', 'express', 'undici', 'ws', '@aws-sdk/client-lambda'],
    };
    expect(modulesOf('front').filter((name) => isAnyOf(name, unneeded.front))).toEqual([]);
    expect(modulesOf('worker').filter((name) => isAnyOf(name, unneeded.worker))).toEqual([]);
    expect(modulesOf('front')).toContain('@aws-sdk/client-lambda');
    expect(modulesOf('worker')).toContain('@slack/bolt');
  });
});

describe('the packaged bot', () => {
  let slack: LocalSlack;
  let aws: LocalAws;
  let lambda: Awaited<ReturnType<typeof startLambda>>;
  beforeEach(async () => {
    slack = await startTestSlack({ ackTimeoutMs: 15_000 });
    aws = await startLocalAws({
      roles: [{ arn: 'arn:aws:iam::111122223333:role/dlq-tasks-status' }],
      queues: [{ arn: orders }],
    });
    lambda = await startLambda({
      packaged,
      parameters: {
        '/dlq-tasks/dev/slack-signing-secret': signingSecret,
        '/dlq-tasks/dev/slack-bot-token': botToken,
      },
      env: {
        SLACK_API_URL: slack.apiUrl,
        AWS_ENDPOINT_URL_SQS: aws.sqsUrl,
        AWS_ENDPOINT_URL_STS: aws.stsUrl,
      },
    });
    slack.setRequestUrl(lambda.url);
  });
  afterEach(async () => {
    await lambda[Symbol.asyncDispose]();
    await Promise.all([slack.stop(), aws.stop()]);
  });

  const cards = () => slack.messages('CGENERAL').filter(({ author }) => author === 'UBOT');
  async function annTypes(text: string) {
    const result = await slack.as('UANN').types('CGENERAL', text);
    await lambda.settled();
    return result;
  }

  test('answers a command with the card in the channel, and a click on Refresh with a newer one', async () => {
    const started = Date.now() - 60_000;
    const task = { Status: 'RUNNING', SourceArn: orders, StartedTimestamp: started };
    const counts = { ApproximateNumberOfMessagesMoved: 250, ApproximateNumberOfMessagesToMove: 1_000 };
    aws.script(orders, [[{ ...task, ...counts }]]);
    expect(await annTypes('/dlq-tasks orders-dlq')).toEqual({ ok: true });
    const [card] = cards();
    expect(card?.text).toContain('250 of 1,000 messages moved');
    expect(buttonsOf(card)).toEqual(['Refresh', 'AWS console']);

    aws.script(orders, [[{ ...task, ...counts, ApproximateNumberOfMessagesMoved: 500 }]]);
    expect(await slack.as('UANN').clicks(card ?? { channel: '', ts: '' }, 'Refresh')).toEqual({ ok: true });
    await lambda.settled();
    expect(cards().map(({ text }) => text.includes('500 of 1,000 messages moved'))).toEqual([true]);
    expect(lambda.invoked.map(({ type }) => type)).toEqual(['Event', 'Event']);
    expect(lambda.logs.join('')).not.toContain(botToken);
  }, 60_000);

  test('says in private that it cannot watch', async () => {
    await annTypes('/dlq-tasks watch orders-dlq');
    expect(cards()).toEqual([]);
    expect(slack.privateWords('UANN').map(({ text }) => text)).toEqual([
      expect.stringContaining('Watching is not available'),
    ]);
  }, 60_000);

  test('tells a person when the worker cannot be started', async () => {
    lambda.faults.invokeStatus = 429;
    await annTypes('/dlq-tasks orders-dlq');
    expect(slack.privateWords('UANN').map(({ text }) => text)).toEqual([
      expect.stringContaining('may not have been reached'),
    ]);
    expect(lambda.invoked).toEqual([]);
  }, 60_000);

  test('does nothing for what Slack has not signed, at either function', async () => {
    const body = 'command=/dlq-tasks&text=orders-dlq&user_id=UANN&channel_id=CGENERAL&team_id=T1';
    const forged = await slack.deliver({ body, signature: 'forged' });
    const stale = await slack.deliver({ body, ageSeconds: 360 });
    expect([forged?.status, stale?.status, lambda.invoked]).toEqual([401, 401, []]);

    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': String(Math.floor(Date.now() / 1_000)),
      'x-slack-signature': `v0=${'0'.repeat(64)}`,
    };
    await lambda.invoke('worker', { body, headers });
    expect([cards(), aws.requests, slack.calls]).toEqual([[], [], []]);
  }, 60_000);
});

function buttonsOf(message: { blocks?: unknown[] } | undefined): string[] {
  return (message?.blocks ?? []).flatMap((block) =>
    Object(block)['type'] === 'actions'
      ? Object(block)['elements'].map((element: { text: { text: string } }) => element.text.text)
      : [],
  );
}

/** `action on resource`, one for each pair that a role allows. */
function allowed(role: string): string[] {
  const policies: { PolicyDocument: { Statement: Record<string, unknown>[] } }[] = [
    properties(role)['Policies'] ?? [],
  ].flat() as never;
  return policies.flatMap(({ PolicyDocument }) =>
    PolicyDocument.Statement.flatMap(({ Effect, Action, Resource }) =>
      [Action].flat().flatMap((action) =>
        [Resource].flat().map((resource) => {
          expect(Effect).toBe('Allow');
          return `${action} on ${resourceInWords(resource)}`;
        }),
      ),
    ),
  );
}

function resourceInWords(resource: unknown): string {
  const { 'Fn::GetAtt': attribute, 'Fn::Sub': pattern } = Object(resource);
  return attribute ? attribute[0] : (pattern ?? String(resource));
}

function parameterArn(name: string): string {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own
  return `${'arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/dlq-tasks/dev/'}${name}`;
}

/** Names of the packages in a bundle, as its source map tells. */
function modulesOf(name: 'front' | 'worker'): string[] {
  const map = packaged.archives[name].get(`src/entry/lambda-${name}.mjs.map`)?.toString() ?? '{}';
  const { sources }: { sources: string[] } = JSON.parse(map);
  const inModules = sources.flatMap((source) => source.split('node_modules/').slice(1).slice(-1));
  return [...new Set(inModules.map((path) => /^(@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? ''))];
}

function isAnyOf(name: string, patterns: string[]): boolean {
  return patterns.some((pattern) => (pattern.endsWith('/') ? name.startsWith(pattern) : name === pattern));
}
