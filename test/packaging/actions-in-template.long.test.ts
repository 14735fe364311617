import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isThere, resolved } from './conditions.ts';
import { type Packaged, packageInAClone } from './package-in-a-clone.ts';
import { settings } from './packaged-stage.ts';
import { faultsOf } from './validated.ts';

// biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own
const redriveRoles = 'arn:${AWS::Partition}:iam::*:role/my-redrives';

let without: Packaged;
let acting: Packaged;
beforeAll(async () => {
  without = await packageInAClone(settings);
  acting = await packageInAClone(settings, { redriveRoleName: 'my-redrives', readOnly: '1' });
}, 240_000);
afterAll(async () => {
  await without?.[Symbol.asyncDispose]();
  await acting?.[Symbol.asyncDispose]();
});

const of = ({ template }: Packaged, name: string) =>
  Object(resolved(template, template.Resources[name]?.Properties));

describe('the template without redriveRoleName', () => {
  test('has nothing of actions', () => {
    const all = JSON.stringify(without.template);
    expect(
      ['SetSourceIdentity', 'ACTION_', 'READ_ONLY', 'my-redrives'].filter((it) => all.includes(it)),
    ).toEqual([]);
    expect(Object.keys(without.template.Resources).filter((name) => /^Actions?/.test(name))).toEqual([]);
    expect(Object.keys(without.template.Outputs).filter((name) => name.includes('Action'))).toEqual([]);
  });
});

describe('the template with redriveRoleName', () => {
  test('is valid for CloudFormation', () => {
    expect(faultsOf(acting.templatePath)).toEqual({ status: 'OK', faults: [] });
  });

  test('has a table that keeps every action, whatever happens to the stack', () => {
    expect(acting.template.Resources['Actions']).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
    const table = of(acting, 'Actions');
    expect(table).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'queue', KeyType: 'HASH' },
        { AttributeName: 'id', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [{ IndexName: 'newest', Projection: { ProjectionType: 'ALL' } }],
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      DeletionProtectionEnabled: true,
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: undefined },
    });
    expect(table).not.toHaveProperty('TimeToLiveSpecification');
    expect(isThere(acting.template, 'ActionTableKeyPolicy')).toBe(false);
  });

  test('makes the action durable, under a name and an alias', () => {
    expect(of(acting, 'ActionLambdaFunction')).toMatchObject({
      FunctionName: 'dlq-tasks-dev-action',
      Handler: 'src/entry/lambda/action.handler',
      Runtime: 'nodejs24.x',
      Timeout: 80,
      DurableConfig: { ExecutionTimeout: 7 * 86_400, RetentionPeriodInDays: 7 },
      Role: { 'Fn::GetAtt': ['ActionRole', 'Arn'] },
    });
    expect(of(acting, 'ActionDurableLambdaAlias')).toMatchObject({ Name: 'durable' });
  });

  test('tells each function where the actions are, and whether the bot is read-only', () => {
    const variables = (name: string) => of(acting, `${name}LambdaFunction`).Environment.Variables;
    const reading = { ACTION_TABLE: { Ref: 'Actions' }, DLQ_TASKS_READ_ONLY: '1' };
    const started = { ...reading, ACTION_FUNCTION: 'dlq-tasks-dev-action', ACTION_ALIAS: 'durable' };
    expect(variables('Worker')).toMatchObject(started);
    const watches = {
      WATCH_TABLE: { Ref: 'Watches' },
      WATCH_FUNCTION: 'dlq-tasks-dev-watch',
      WATCH_ALIAS: 'durable',
    };
    expect(variables('Action')).toMatchObject({ ...started, ...watches });
    for (const name of ['Watch', 'Follow']) {
      expect(variables(name)).toMatchObject(reading);
      expect(variables(name)).not.toHaveProperty('ACTION_FUNCTION');
    }
    expect(JSON.stringify(of(acting, 'FrontLambdaFunction'))).not.toContain('ACTION_');
  });

  test('gives each function only the permissions that it needs', () => {
    const [get, put, query] = ['GetItem', 'PutItem', 'Query'].map((it) => `dynamodb:${it} on Actions`);
    const startsActions = expect.stringContaining('function:dlq-tasks-dev-action:durable');
    const namesRequester = `sts:SetSourceIdentity on ${redriveRoles}`;
    expect(allowedTo(['Worker'])).toEqual([get, put, query, startsActions, namesRequester]);
    expect(allowedTo(['Watch'])).toEqual([get, namesRequester]);
    expect(allowedTo(['Follow'])).toEqual([get, query]);
    const roles = statementsIn(of(acting, 'ActionRole').Policies[0]);
    expect(roles.filter((one) => /Actions$|redrives|SetSourceIdentity/.test(one))).toEqual([
      `sts:AssumeRole on ${redriveRoles}`,
      namesRequester,
      get,
      put,
      query,
    ]);
  });

  test('lets only the function that makes the call assume a redrive role', () => {
    const mayAssume = ({ Action, Resource }: Statement) =>
      [Action].flat().some((action) => action !== 'sts:SetSourceIdentity') &&
      JSON.stringify(Resource).includes(redriveRoles);
    const able = Object.keys(acting.template.Resources).filter((name) =>
      [of(acting, name).PolicyDocument, ...(of(acting, name).Policies ?? []).map(documentOf)].some(
        (document) => document?.Statement.some(mayAssume),
      ),
    );
    expect(able).toEqual(['ActionRole']);
  });

  test('sends an alarm when an action stops early', () => {
    for (const name of ['ActionFailed', 'ActionNotStarted', 'ActionCrashes']) {
      const alarm = of(acting, name);
      expect(alarm.Dimensions).toEqual([{ Name: 'FunctionName', Value: { Ref: 'ActionLambdaFunction' } }]);
      expect(alarm.AlarmActions).toEqual([{ Ref: 'Alarms' }]);
    }
  });
});

/** What the policies beside the roles allow. */
function allowedTo([name]: [string]): string[] {
  const policy = of(acting, `ActionsOf${name}`);
  expect(policy.Roles).toEqual([{ Ref: `${name}Role` }]);
  return statementsIn(policy);
}

const documentOf = ({ PolicyDocument }: { PolicyDocument: { Statement: Statement[] } }) => PolicyDocument;

type Statement = { Effect: string; Action: string | string[]; Resource: Record<string, unknown> };

function statementsIn(policy: { PolicyDocument: { Statement: Statement[] } }): string[] {
  return policy.PolicyDocument.Statement.flatMap(({ Effect, Action, Resource }) => {
    expect(Effect).toBe('Allow');
    const { 'Fn::GetAtt': attribute, 'Fn::Sub': pattern } = Resource;
    const on = Array.isArray(attribute) ? attribute[0] : pattern;
    return [Action].flat().map((action) => `${action} on ${on}`);
  });
}
