import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { announcerHoldsForMs } from '../../src/storage/dynamodb/dynamodb-follow-store.ts';
import { holdForMs } from '../../src/storage/dynamodb/dynamodb-run-store.ts';
import { workerLivesMs } from '../../src/storage/dynamodb/request-claims.ts';
import { botToken } from '../sandbox/slack/test-workspace.ts';
import { isThere, resolved } from './conditions.ts';
import { functionOf } from './lambda-on-this-machine.ts';
import { type FunctionName, functionNames, type Packaged, packageInAClone } from './package-in-a-clone.ts';
import { endsIn, type PackagedStage, settings, startPackagedStage } from './packaged-stage.ts';
import { answersOnceEach } from './twice.ts';
import { faultsOf } from './validated.ts';

const slowly = { timeout: 20_000, interval: 50 };
// biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own
const statusRoles = 'arn:${AWS::Partition}:iam::*:role/dlq-tasks-status';
// biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own
const lambdaArns = 'arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}';

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
    expect(faultsOf(packaged.templatePath)).toEqual({ status: 'OK', faults: [] });
  });

  test('runs each function on Node 24, with its own role, and enough time and memory', () => {
    const common = {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      TracingConfig: { Mode: 'PassThrough' },
    };
    const functions = [
      'FrontLambdaFunction',
      'WorkerLambdaFunction',
      'WatchLambdaFunction',
      'FollowLambdaFunction',
    ];
    expect(ofType('AWS::Lambda::Function')).toEqual(functions);
    expect(functions.map(properties)).toMatchObject([
      { ...common, MemorySize: 512, Timeout: 5, Role: { 'Fn::GetAtt': ['FrontRole', 'Arn'] } },
      { ...common, MemorySize: 1024, Timeout: 55, Role: { 'Fn::GetAtt': ['WorkerRole', 'Arn'] } },
      { ...common, MemorySize: 512, Timeout: 120, Role: { 'Fn::GetAtt': ['WatchRole', 'Arn'] } },
      { ...common, MemorySize: 512, Timeout: 60, Role: { 'Fn::GetAtt': ['FollowRole', 'Arn'] } },
    ]);
  });

  test("releases a watch's lock only when its function can no longer be running", () => {
    expect(Number(properties('WatchLambdaFunction')['Timeout']) * 1_000).toBeLessThan(holdForMs);
    expect(Number(properties('FollowLambdaFunction')['Timeout']) * 1_000).toBeLessThan(announcerHoldsForMs);
  });

  test('makes the watch durable, with an alias for its newest version, and keeps versions that still run', () => {
    const [version = '', ...others] = ofType('AWS::Lambda::Version');
    expect(properties('WatchLambdaFunction')).toMatchObject({
      FunctionName: 'dlq-tasks-dev-watch',
      DurableConfig: { ExecutionTimeout: 7 * 86_400, RetentionPeriodInDays: 7 },
    });
    expect([others, packaged.template.Resources[version]?.DeletionPolicy]).toEqual([[], 'Retain']);
    expect(ofType('AWS::Lambda::Alias').map(properties)).toEqual([
      {
        FunctionName: { Ref: 'WatchLambdaFunction' },
        FunctionVersion: { 'Fn::GetAtt': [version, 'Version'] },
        Name: 'durable',
      },
    ]);
    const names = {
      WATCH_FUNCTION: 'dlq-tasks-dev-watch',
      WATCH_ALIAS: 'durable',
      WATCH_TABLE: 'Watches',
      HISTORY_TABLE: 'History',
    };
    for (const name of ['worker', 'watch', 'follow'] as const) {
      expect(functionOf(packaged.template, name)).toMatchObject({ Environment: names });
    }
  });

  test('keeps watches in a table whose rows expire', () => {
    expect(properties('Watches')).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'card', KeyType: 'HASH' },
        { AttributeName: 'task', KeyType: 'RANGE' },
      ],
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    });
  });

  test('keeps the history in a table that expires nothing and outlives the stack', () => {
    expect(packaged.template.Resources['History']).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: {
        KeySchema: [
          { AttributeName: 'queue', KeyType: 'HASH' },
          { AttributeName: 'startedAt', KeyType: 'RANGE' },
        ],
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      },
    });
    expect(properties('History')).not.toHaveProperty('TimeToLiveSpecification');
  });

  test("protects the table from deletion and mistaken writes, with AWS's key", () => {
    expect(resolved(packaged.template, properties('Watches'))).toMatchObject({
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      DeletionProtectionEnabled: true,
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: undefined },
    });
    expect(isThere(packaged.template, 'TableKeyPolicy')).toBe(false);
  });

  test('reserves no concurrency for the front', () => {
    expect(resolved(packaged.template, properties('FrontLambdaFunction'))).toMatchObject({
      ReservedConcurrentExecutions: undefined,
    });
  });

  test('reserves concurrency and uses your own key, if the parameters say so', async () => {
    const key = 'arn:aws:kms:eu-west-1:111122223333:key/1';
    const params = { frontReservedConcurrency: '20', tableKeyArn: key };
    await using asked = await packageInAClone(settings, params);
    const of = (name: string) => resolved(asked.template, asked.template.Resources[name]?.Properties);
    expect(of('FrontLambdaFunction')).toMatchObject({ ReservedConcurrentExecutions: '20' });
    expect(of('Watches')).toMatchObject({
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: key },
    });
    expect(isThere(asked.template, 'TableKeyPolicy')).toBe(true);
    expect(of('TableKeyPolicy')).toMatchObject({
      Roles: [{ Ref: 'WorkerRole' }, { Ref: 'WatchRole' }, { Ref: 'FollowRole' }],
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Resource: key,
            Condition: {
              // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own
              StringEquals: { 'kms:ViaService': { 'Fn::Sub': 'dynamodb.${AWS::Region}.${AWS::URLSuffix}' } },
            },
          },
        ],
      },
    });
    expect(faultsOf(asked.templatePath)).toEqual({ status: 'OK', faults: [] });
  }, 120_000);

  test('starts the worker again once, when the first one can no longer be running', () => {
    expect(properties('WorkerLambdaEvConf')).toMatchObject({
      MaximumRetryAttempts: 1,
      MaximumEventAgeInSeconds: 180,
    });
    const secondsUntilRetry = 60;
    const { Timeout } = properties('WorkerLambdaFunction');
    expect(Number(Timeout)).toBeLessThan(secondsUntilRetry);
    expect(Number(Timeout) * 1_000).toBeLessThanOrEqual(workerLivesMs);
    expect(workerLivesMs).toBeLessThan(secondsUntilRetry * 1_000);
  });

  test('sends follow started redrives and deployments, retries failures, and calls it on a schedule', () => {
    const rules = ofType('AWS::Events::Rule').map(properties);
    const [schedule] = rules.filter((rule) => rule['ScheduleExpression'] !== undefined);
    expect(schedule).toMatchObject({ ScheduleExpression: 'rate(5 minutes)', State: 'ENABLED' });
    expect(rules.filter((rule) => rule !== schedule)).toMatchObject([
      {
        EventPattern: {
          source: ['aws.sqs'],
          'detail-type': ['AWS API Call via CloudTrail'],
          detail: {
            eventSource: ['sqs.amazonaws.com'],
            eventName: ['StartMessageMoveTask'],
            errorCode: [{ exists: false }, ''],
          },
        },
        State: 'ENABLED',
        Targets: [{ Arn: { 'Fn::GetAtt': ['FollowLambdaFunction', 'Arn'] } }],
      },
      {
        EventPattern: {
          source: ['aws.cloudformation'],
          'detail-type': ['CloudFormation Stack Status Change'],
          detail: {
            'stack-id': [{ Ref: 'AWS::StackId' }],
            'status-details': { status: ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'] },
          },
        },
        State: 'ENABLED',
        Targets: [{ Arn: { 'Fn::GetAtt': ['FollowLambdaFunction', 'Arn'] } }],
      },
    ]);
    expect(properties('FollowLambdaEvConf')).toMatchObject({ MaximumRetryAttempts: 2 });
  });

  test('gives each function only the permissions that it needs', () => {
    const roles = { front: 'FrontRole', worker: 'WorkerRole', watch: 'WatchRole', follow: 'FollowRole' };
    const log = (name: string) => [
      `logs:CreateLogStream on ${name}LogGroup`,
      `logs:PutLogEvents on ${name}LogGroup`,
    ];
    const watchFunction = `${lambdaArns}:function:dlq-tasks-dev-watch`;
    expect(Object.entries(roles).map(([name, role]) => [name, allowed(role)])).toEqual([
      [
        'front',
        [
          ...log('Front'),
          'lambda:InvokeFunction on WorkerLambdaFunction',
          `ssm:GetParameter on ${parameterArn('slack-signing-secret')}`,
        ],
      ],
      [
        'worker',
        [
          ...log('Worker'),
          `sts:AssumeRole on ${statusRoles}`,
          `ssm:GetParameter on ${parameterArn('slack-signing-secret')}`,
          `ssm:GetParameter on ${parameterArn('slack-bot-token')}`,
          ...['GetItem', 'PutItem', 'Query', 'Scan'].map((action) => `dynamodb:${action} on Watches`),
          'dynamodb:Query on History',
          `lambda:InvokeFunction on ${watchFunction}:durable`,
        ],
      ],
      [
        'watch',
        [
          ...log('Watch'),
          `lambda:CheckpointDurableExecution on ${watchFunction}:*/durable-execution/*/*`,
          `lambda:GetDurableExecutionState on ${watchFunction}:*/durable-execution/*/*`,
          `lambda:InvokeFunction on ${watchFunction}:durable`,
          `sts:AssumeRole on ${statusRoles}`,
          `ssm:GetParameter on ${parameterArn('slack-bot-token')}`,
          'dynamodb:GetItem on Watches',
          'dynamodb:PutItem on Watches',
          'dynamodb:GetItem on History',
          'dynamodb:PutItem on History',
        ],
      ],
      [
        'follow',
        [
          ...log('Follow'),
          `sts:AssumeRole on ${statusRoles}`,
          `ssm:GetParameter on ${parameterArn('slack-bot-token')}`,
          ...['GetItem', 'PutItem', 'Scan'].map((action) => `dynamodb:${action} on Watches`),
          'dynamodb:GetItem on History',
          'dynamodb:PutItem on History',
          'dynamodb:Query on History',
          `lambda:InvokeFunction on ${watchFunction}:durable`,
        ],
      ],
    ]);
    expect(ofType('AWS::IAM::Role')).toEqual(Object.values(roles));
    expect(Object.values(roles).map((role) => properties(role)['ManagedPolicyArns'])).toEqual([
      [],
      [],
      [],
      [],
    ]);
  });

  test('exposes only the front, and follow to EventBridge', () => {
    const targets = ofType('AWS::Lambda::Permission').map((name) => properties(name)['FunctionName']);
    expect(targets.map((target) => Object(target)['Fn::GetAtt'])).toEqual([
      ['FrontLambdaFunction', 'Arn'],
      ['FrontLambdaFunction', 'Arn'],
      ['FollowLambdaFunction', 'Arn'],
      ['FollowLambdaFunction', 'Arn'],
      ['FollowLambdaFunction', 'Arn'],
    ]);
    const principals = ofType('AWS::Lambda::Permission').map((name) => properties(name)['Principal']);
    const ours = 'events.amazonaws.com';
    expect(principals).toEqual(['*', '*', ours, ours, ours]);
    expect(ofType('AWS::Lambda::Url')).toEqual(['FrontLambdaFunctionUrl']);
  });

  test('keeps logs for a while, and sends an alarm if a command is not passed on or answered, or a watch stops early', () => {
    const logs = ofType('AWS::Logs::LogGroup').map((name) => properties(name)['RetentionInDays']);
    const alarms = ofType('AWS::CloudWatch::Alarm').map((name) => {
      expect(properties(name)['AlarmActions']).toEqual([{ Ref: 'Alarms' }]);
      const [dimension] = [properties(name)['Dimensions'] ?? []].flat();
      return [properties(name)['MetricName'], dimension && Object(dimension)['Value'].Ref];
    });
    expect({ logs, alarms }).toEqual({
      logs: [30, 30, 30, 30],
      alarms: [
        ['Errors', 'FrontLambdaFunction'],
        ['Throttles', 'FrontLambdaFunction'],
        ['FrontErrors', undefined],
        ['Errors', 'WorkerLambdaFunction'],
        ['AsyncEventsDropped', 'WorkerLambdaFunction'],
        ['DurableExecutionFailed', 'WatchLambdaFunction'],
        ['AsyncEventsDropped', 'WatchLambdaFunction'],
        ['Errors', 'WatchLambdaFunction'],
        ['AsyncEventsDropped', 'FollowLambdaFunction'],
      ],
    });
  });

  test('counts the errors that the front logs, for its alarm', () => {
    const { Namespace, MetricName } = properties('NotHandedOn');
    expect(ofType('AWS::Logs::MetricFilter').map(properties)).toEqual([
      {
        LogGroupName: { Ref: 'FrontLogGroup' },
        FilterPattern: '{ $.level = "error" }',
        MetricTransformations: [{ MetricNamespace: Namespace, MetricName, MetricValue: '1' }],
      },
    ]);
  });

  test('contains the names of the secrets, but not their values', () => {
    expect([functionOf(packaged.template, 'front'), functionOf(packaged.template, 'worker')]).toMatchObject([
      { Environment: { SLACK_SIGNING_SECRET_PARAMETER: '/dlq-tasks/dev/slack-signing-secret' } },
      { Environment: { SLACK_BOT_TOKEN_PARAMETER: '/dlq-tasks/dev/slack-bot-token' } },
    ]);
  });
});

describe('the archives', () => {
  test('contain the handlers with their maps and licenses, and lazily loaded files beside them', () => {
    const { archives, template } = packaged;
    const endings = ['licenses.txt', 'mjs', 'mjs.map'];
    for (const name of functionNames) {
      const own = `src/entry/lambda/${name}.`;
      const paths = [...archives[name].keys()].toSorted();
      const [parts, files] = [paths.filter(isPart), paths.filter((path) => !isPart(path))];
      expect(files).toEqual(endings.map((ending) => `${own}${ending}`));
      expect(parts.filter((path) => !path.startsWith(`${own}parts/`))).toEqual([]);
      expect(functionOf(template, name).Handler).toBe(`src/entry/lambda/${name}.handler`);
    }
    expect([...archives.front.keys()].filter(isPart)).toEqual([]);
  });

  test('name the license of every package in them', () => {
    for (const name of functionNames) {
      const licenses = packaged.archives[name].get(`src/entry/lambda/${name}.licenses.txt`)?.toString() ?? '';
      expect(modulesOf(name).filter((module) => !licenses.includes(`${module} `))).toEqual([]);
      expect(licenses).toContain('Permission is hereby granted');
    }
  });

  test('stay small', () => {
    const atStart = functionNames.map((name) => kilobytesOf(name, loadedAtStart(name)));
    const all = functionNames.map((name) =>
      kilobytesOf(
        name,
        [...packaged.archives[name].keys()].filter((path) => path.endsWith('.mjs')),
      ),
    );
    // A tenth more than when this was written.
    expect({ atStart, all }).toEqual({
      atStart: [16, 710, 948, 730].map(below),
      all: [17, 1_250, 1_250, 1_100].map(below),
    });
  });

  test('leave out what is not needed', () => {
    const never = ['yaml', '@slack/oauth', '@slack/socket-mode', 'express', 'path-to-regexp', 'undici', 'ws'];
    const unneeded = {
      front: [...never, '@aws-sdk/', '@smithy/', 'pino', 'zod', '@slack/'],
      worker: never,
      watch: [...never, '@slack/bolt'],
      follow: [...never, '@slack/bolt', '@aws/durable-execution-sdk-js'],
    };
    for (const name of functionNames) {
      expect(modulesOf(name).filter((module) => isAnyOf(module, unneeded[name]))).toEqual([]);
    }
    expect(modulesOf('front')).toEqual(['aws4fetch']);
    expect(modulesOf('worker')).toContain('@slack/bolt');
    expect(modulesOf('watch')).toContain('@aws/durable-execution-sdk-js');
  });

  test("leave out the error classes of the Parameter Store's client", () => {
    for (const name of functionNames) {
      const code = [...packaged.archives[name]].filter(([path]) => path.endsWith('.mjs'));
      expect(
        code.filter(([, bytes]) => bytes.includes('com.amazonaws.ssm#InvalidDocumentSchemaVersion')),
      ).toEqual([]);
    }
  });

  test("load what no card needs lazily: actions, watches, schemas, and Lambda's client", () => {
    const late = [
      'src/domain/actions/action.ts',
      'src/domain/watch/watch.ts',
      'zod/v4/core/schemas.js',
      '@aws-sdk/client-lambda/dist-es/LambdaClient.js',
    ];
    const lateIn = (sources: string[]) =>
      late.filter((path) => sources.some((source) => source.endsWith(`/${path}`)));
    expect(lateIn(sourcesOf('worker', loadedAtStart('worker')))).toEqual([]);
    expect(lateIn(sourcesOf('worker'))).toEqual(late);
  });
});

test('does not package faulty settings, and reports every fault', async () => {
  const faulty = settings.replace('111122223333"', '1"').replace('orders-dlq:', 'help:');
  await expect(packageInAClone(faulty)).rejects.toMatchObject({
    stdout: expect.stringMatching(/dlq-tasks\.yml:3 accounts\.prod\.id: .*dlq-tasks\.yml:6 queues\.help: /s),
  });
}, 120_000);

describe('the packaged bot', () => {
  let stage: PackagedStage;
  beforeEach(async () => {
    stage = await startPackagedStage(packaged);
  });
  afterEach(() => stage[Symbol.asyncDispose]());

  test('answers a command with the card in the channel, and a click on Refresh with a newer one', async () => {
    const { slack, lambda, cards, annTypes } = stage;
    stage.redrive({});
    expect(await annTypes('/dlq-tasks orders-dlq')).toEqual({ ok: true });
    const [card] = cards();
    expect(card?.text).toContain('250 of 1,000 messages moved');
    expect(buttonsOf(card)).toEqual(['Refresh', 'Watch', 'AWS console']);

    stage.redrive({ ApproximateNumberOfMessagesMoved: 500 });
    expect(await slack.as('UANN').clicks(card ?? { channel: '', ts: '' }, 'Refresh')).toEqual({ ok: true });
    await lambda.settled();
    expect(cards().map(({ text }) => text.includes('500 of 1,000 messages moved'))).toEqual([true]);
    expect(lambda.invoked.map(({ type }) => type)).toEqual(['Event', 'Event']);
    expect(lambda.logs.join('')).not.toContain(botToken);
  }, 60_000);

  test('watches: says who is watching, keeps the card current, and posts one reply at the end', async () => {
    const { slack, lambda, cards } = stage;
    const { card, thread } = await stage.annWatches();
    expect(lambda.invoked.at(-1)).toMatchObject({
      functionName: 'dlq-tasks-dev-watch:durable',
      type: 'Event',
    });
    expect(JSON.stringify(lambda.invoked.at(-1)?.payload)).not.toContain('UANN');
    await expect.poll(() => thread().length, slowly).toBe(1);
    await expect.poll(() => cards()[0]?.text, slowly).toContain('300 of 1,000 messages moved');

    await slack.as('UBOB').clicks(card, 'Watch');
    await expect.poll(() => thread().at(-1)?.text, slowly).toContain('<@UBOB>');
    stage.ends();
    await expect.poll(() => endsIn(thread()).length, slowly).toBe(1);
    expect(endsIn(thread())[0]).toMatch(/<@UANN>.*<@UBOB>|<@UBOB>.*<@UANN>/s);
    await expect.poll(() => cards()[0]?.text, slowly).toContain('1,000 of 1,000 messages moved');
    expect(buttonsOf(cards()[0])).not.toContain('Watch');
    expect(lambda.logs.join('')).not.toContain(botToken);
  }, 90_000);

  test('lists watches, and ends a watch when the last person leaves', async () => {
    const { slack, cards, annTypes } = stage;
    const { thread } = await stage.annWatches();
    await annTypes('/dlq-tasks watches');
    expect(slack.privateWords('UANN').at(-1)?.text).toContain('orders-dlq');
    await annTypes('/dlq-tasks unwatch orders-dlq');
    await expect.poll(() => buttonsOf(cards()[0]), slowly).toContain('Watch');
    await annTypes('/dlq-tasks watches');
    expect(slack.privateWords('UANN').at(-1)?.text).not.toContain('orders-dlq');
    await expect.poll(stage.isWatching, slowly).toBe(false);
    expect(endsIn(thread())).toEqual([]);
  }, 90_000);

  test("says privately that it can't watch if deployed without the watch function", async () => {
    await using without = await startPackagedStage(packaged, { WATCH_FUNCTION: '' });
    await without.annTypes('/dlq-tasks watch orders-dlq');
    expect(without.cards()).toEqual([]);
    expect(without.slack.privateWords('UANN').map(({ text }) => text)).toEqual([
      expect.stringContaining("Watching isn't available"),
    ]);
  }, 60_000);

  test('answers once what Lambda delivers twice: commands, mentions, shortcuts and clicks', async () => {
    await answersOnceEach(stage);
  }, 90_000);

  test("tells a person if the worker can't start, and logs the error for the alarm", async () => {
    const { slack, lambda, annTypes } = stage;
    lambda.faults.invokeStatus = 429;
    await annTypes('/dlq-tasks orders-dlq');
    const lines = lambda.logs.flatMap((text) => text.trim().split('\n')).map((line) => JSON.parse(line));
    expect(lines).toMatchObject([{ level: 'error', msg: 'could not start the worker' }]);
    expect(slack.privateWords('UANN').map(({ text }) => text)).toEqual([
      expect.stringContaining('may not have received this'),
    ]);
    expect(lambda.invoked).toEqual([]);
  }, 60_000);

  test('ignores what Slack has not signed, in both functions', async () => {
    const { slack, aws, lambda, cards } = stage;
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

const isPart = (path: string) => path.includes('.parts/');
const below = (most: number) => expect.toSatisfy((it: number) => it < most, `less than ${most}`);

function kilobytesOf(name: FunctionName, paths: readonly string[]): number {
  return paths.reduce((sum, path) => sum + (packaged.archives[name].get(path)?.length ?? 0) / 1_000, 0);
}

/** The handler's file and those that it imports before it runs, recursively. */
function loadedAtStart(name: FunctionName): string[] {
  const found = new Set([`src/entry/lambda/${name}.mjs`]);
  for (const path of found) {
    const text = packaged.archives[name].get(path)?.toString() ?? '';
    for (const [, other = ''] of text.matchAll(/(?:\bfrom|\bimport)"(\.[^"]+\.mjs)"/g)) {
      found.add(join(dirname(path), other));
    }
  }
  return [...found];
}

/** What a function's files were made of, according to their source maps. */
function sourcesOf(name: FunctionName, paths = [...packaged.archives[name].keys()]): string[] {
  const maps = paths.filter((path) => path.endsWith('.mjs')).map((path) => `${path}.map`);
  return maps.flatMap((path): string[] => {
    const map = packaged.archives[name].get(path)?.toString() ?? '{"sources":[]}';
    return JSON.parse(map).sources;
  });
}

/** The packages among them. */
function modulesOf(name: FunctionName): string[] {
  const inModules = sourcesOf(name).flatMap((source) => source.split('node_modules/').slice(1).slice(-1));
  return [...new Set(inModules.map((path) => /^(@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? ''))];
}

function isAnyOf(name: string, patterns: string[]): boolean {
  return patterns.some((pattern) => (pattern.endsWith('/') ? name.startsWith(pattern) : name === pattern));
}
