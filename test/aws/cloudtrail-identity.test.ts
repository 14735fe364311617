import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { startCallIn } from '../../src/aws/cloudtrail-record.ts';

const account = '111122223333';

/** Who made a call, according to a CloudTrail record with this identity. */
function starterIn(userIdentity: unknown, userAgent?: string): string | undefined {
  return startCallIn({
    eventSource: 'sqs.amazonaws.com',
    eventName: 'StartMessageMoveTask',
    eventTime: '2026-11-24T03:00:00Z',
    requestParameters: { sourceArn: `arn:aws:sqs:eu-west-1:${account}:orders-dlq` },
    userIdentity,
    userAgent,
  })?.by;
}

function assumedRole(role: string, session: string, more: object = {}) {
  return {
    type: 'AssumedRole',
    principalId: `AROAIDPPEZS35WEXAMPLE:${session}`,
    arn: `arn:aws:sts::${account}:assumed-role/${role}/${session}`,
    accountId: account,
    accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: 'AROAIDPPEZS35WEXAMPLE',
        arn: `arn:aws:iam::${account}:role/${role}`,
        accountId: account,
        userName: role,
      },
      attributes: { creationDate: '2026-11-24T02:12:29Z', mfaAuthenticated: 'false' },
      ...more,
    },
  };
}

describe('who made a call, by the type of its identity', () => {
  test.each<[string, object, string]>([
    [
      'AssumedRole of IAM Identity Center',
      assumedRole('AWSReservedSSO_AdministratorAccess_0123456789abcdef', 'ada@example.com'),
      'ada@example.com',
    ],
    ['AssumedRole of another role', assumedRole('on-call', 'ada'), 'ada as on-call'],
    [
      'AssumedRole of a machine',
      assumedRole('worker', 'i-0123456789abcdef0'),
      'i-0123456789abcdef0 as worker',
    ],
    [
      'AssumedRole with a source identity',
      assumedRole('on-call', 'botocore-session-1764040000', { sourceIdentity: 'ada' }),
      'ada as on-call',
    ],
    [
      'AssumedRole whose session issuer was left out',
      { type: 'AssumedRole', arn: `arn:aws:sts::${account}:assumed-role/on-call/ada` },
      'ada as on-call',
    ],
    [
      'AssumedRole through a service',
      { ...assumedRole('on-call', 'ada'), invokedBy: 'cloudformation.amazonaws.com' },
      'ada as on-call through cloudformation.amazonaws.com',
    ],
    [
      'AssumedRole through AWS itself',
      { ...assumedRole('on-call', 'ada'), invokedBy: 'AWS Internal' },
      'ada as on-call',
    ],
    [
      'IAMUser',
      {
        type: 'IAMUser',
        principalId: 'AIDACKCEVSQ6C2EXAMPLE',
        arn: `arn:aws:iam::${account}:user/operators/Ada`,
        accountId: account,
        accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
        userName: 'Ada',
      },
      'Ada',
    ],
    [
      'IAMUser whose name was left out',
      { type: 'IAMUser', arn: `arn:aws:iam::${account}:user/operators/Ada` },
      'Ada',
    ],
    [
      'Root',
      { type: 'Root', principalId: account, arn: `arn:aws:iam::${account}:root`, accountId: account },
      'the root user',
    ],
    ['AWSService', { type: 'AWSService', invokedBy: 'backup.amazonaws.com' }, 'backup.amazonaws.com'],
    [
      'AWSService whose name is known',
      { type: 'AWSService', invokedBy: 'states.amazonaws.com' },
      'Step Functions',
    ],
    [
      'AWSAccount',
      { type: 'AWSAccount', principalId: 'AROAIDPPEZS35WEXAMPLE:ada', accountId: '444455556666' },
      'account 444455556666',
    ],
    [
      'FederatedUser',
      {
        type: 'FederatedUser',
        principalId: `${account}:ada`,
        arn: `arn:aws:sts::${account}:federated-user/ada`,
        accountId: account,
        accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
        sessionContext: { sessionIssuer: { type: 'IAMUser', userName: 'console-broker' } },
      },
      'ada',
    ],
    [
      'IdentityCenterUser',
      {
        type: 'IdentityCenterUser',
        accountId: account,
        onBehalfOf: {
          userId: '544894e8-80c1-707f-60e3-3ba6510dfac1',
          identityStoreArn: `arn:aws:identitystore::${account}:identitystore/d-9067642ac7`,
        },
        credentialId: 'EXAMPLEVHULjJdTUdPJfofVa1sufHDoj7aYcOYcxFVllWR_Whr1fEXAMPLE',
      },
      'Identity Center user 544894e8-80c1-707f-60e3-3ba6510dfac1',
    ],
    [
      'SAMLUser',
      {
        type: 'SAMLUser',
        principalId: 'SampleUkh1i4+ExamplexL/jEvs=:ada',
        userName: 'ada',
        identityProvider: 'idp',
      },
      'ada',
    ],
    [
      'IAMUser without a name, through a service',
      { type: 'IAMUser', invokedBy: 'sqs.amazonaws.com' },
      'sqs.amazonaws.com',
    ],
    ['FederatedUser whose ARN was left out', { type: 'FederatedUser', principalId: `${account}:ada` }, 'ada'],
    [
      'FederatedUser whose principal was left out',
      { type: 'FederatedUser', arn: `arn:aws:sts::${account}:federated-user/ada` },
      'ada',
    ],
    [
      'AssumedRole of which only the role is known',
      { type: 'AssumedRole', sessionContext: { sessionIssuer: { userName: 'on-call' } } },
      'role on-call',
    ],
    [
      'AssumedRole of which only the session is known',
      { type: 'AssumedRole', principalId: 'AROA:ada' },
      'ada',
    ],
    ['a type of tomorrow', { type: 'Robot', arn: `arn:aws:iam::${account}:robot/r2` }, 'r2'],
  ])('%s', (_type, identity, who) => {
    expect(starterIn(identity)).toBe(who);
  });

  test.each([
    undefined,
    null,
    'ada',
    7,
    [],
    {},
    { type: 'AssumedRole' },
    { type: 'Robot', arn: 'r2' },
    { type: 'IAMUser', userName: ' \n ' },
  ])('no one in %j', (identity) => {
    expect(starterIn(identity)).toBeUndefined();
  });

  const fargate = 'aws-sdk-js/3.1169.0 ua/2.1 os/linux lang/js exec-env/AWS_ECS_FARGATE';
  const schedulerAgent = 'AmazonEventBridgeScheduler aws-sdk-java/2.28.29 exec-env/AWS_ECS_FARGATE';
  const taskId = '99c28596f91341839c1d07da27b65fe2';
  const letters = 'wozynIhxRGfTvfRlXhHKONdyrIaAmRyN';

  test.each<[string, object, string, string]>([
    ['an ECS task', assumedRole('worker', taskId), fargate, 'ECS as worker'],
    [
      'an older ECS task',
      assumedRole('worker', '94b5b4c6-ad0e-4b4e-8dd8-4a5d28a4cc05'),
      fargate,
      'ECS as worker',
    ],
    ['a schedule', assumedRole('nightly', taskId), schedulerAgent, 'EventBridge Scheduler as nightly'],
    [
      'a schedule, as AWS says',
      { ...assumedRole('nightly', taskId), invokedBy: 'scheduler.amazonaws.com' },
      'scheduler.amazonaws.com',
      'EventBridge Scheduler as nightly',
    ],
    [
      'a state machine',
      { ...assumedRole('recovery', letters), invokedBy: 'states.amazonaws.com' },
      'states.amazonaws.com',
      'Step Functions as recovery',
    ],
    ['a service that says nothing of itself', assumedRole('worker', taskId), 'curl/8', 'role worker'],
    [
      'an ECS task with a source identity',
      assumedRole('worker', taskId, { sourceIdentity: 'ada' }),
      fargate,
      'ada as worker',
    ],
    ['a person on ECS', assumedRole('on-call', 'ada'), fargate, 'ada as on-call'],
    ['a person who has chosen 32 letters', assumedRole('ci', letters), 'curl/8', `${letters} as ci`],
    [
      'a person through a state machine',
      { ...assumedRole('on-call', 'ada'), invokedBy: 'states.amazonaws.com' },
      'states.amazonaws.com',
      'ada as on-call through Step Functions',
    ],
  ])('%s', (_who, identity, userAgent, said) => {
    expect(starterIn(identity, userAgent)).toBe(said);
  });

  test.each<[string, object, string]>([
    [
      'a session',
      { ...assumedRole('partner', 'deploy'), invokedByDelegate: { accountId: '444455556666' } },
      'deploy as partner, delegated to account 444455556666',
    ],
    ['nobody else', { invokedByDelegate: { accountId: '444455556666' } }, 'account 444455556666'],
    [
      'its own account, which says nothing',
      { ...assumedRole('partner', 'deploy'), invokedByDelegate: { accountId: account } },
      'deploy as partner',
    ],
    [
      'a session with a name that is cut',
      { ...assumedRole('r'.repeat(64), 's'.repeat(64)), invokedByDelegate: { accountId: '444455556666' } },
      `${'s'.repeat(64)}, delegated to account 444455556666`,
    ],
  ])('with access that was delegated to another account: %s', (_who, identity, said) => {
    expect(starterIn(identity)).toBe(said);
  });

  test('is one line of at most 100 characters, without split characters or text-direction marks', () => {
    const long = starterIn({ type: 'IAMUser', userName: `${'a'.repeat(99)}😀` });
    expect(long).toBe('a'.repeat(99));
    expect(starterIn({ type: 'IAMUser', userName: 'ada\u202E\u0000\nroot' })).toBe('ada root');
    expect(starterIn({ type: 'IAMUser', userName: ' ada 😀 lovelace ' })).toBe('ada 😀 lovelace');
    expect(starterIn({ type: 'IAMUser', userName: `${'a'.repeat(99)} b` })).toBe('a'.repeat(99));
  });

  test('can be shown, whatever the record contains', () => {
    const types = ['AssumedRole', 'IAMUser', 'FederatedUser', 'AWSService', 'Root', 'IdentityCenterUser'];
    const fields = [
      'type',
      'arn',
      'principalId',
      'userName',
      'invokedBy',
      'sessionContext',
      'onBehalfOf',
      'accountId',
      'invokedByDelegate',
    ];
    const identity = fc.dictionary(
      fc.oneof(...fields.map((field) => fc.constant(field))),
      fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' }), ...types.map((type) => fc.constant(type))),
    );
    fc.assert(
      fc.property(fc.oneof(identity, fc.jsonValue()), (given) => {
        const who = starterIn(given);
        if (who === undefined) return true;
        return who.length > 0 && who.length <= 100 && who.trim() === who && !/\p{C}|\n/u.test(who);
      }),
      { numRuns: 300 },
    );
  });
});
