import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { starterIn } from '../../../src/domain/following/starter.ts';

const account = '111122223333';

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
    ['AWSService', { type: 'AWSService', invokedBy: 'states.amazonaws.com' }, 'states.amazonaws.com'],
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
  ])('nobody in %j', (identity) => {
    expect(starterIn(identity)).toBeUndefined();
  });

  test('is one line of 100 characters at most, never half a character, without what turns text around', () => {
    const long = starterIn({ type: 'IAMUser', userName: `${'a'.repeat(99)}😀` });
    expect(long).toBe('a'.repeat(99));
    expect(starterIn({ type: 'IAMUser', userName: 'ada\u202E\u0000\nroot' })).toBe('ada root');
    expect(starterIn({ type: 'IAMUser', userName: ' ada 😀 lovelace ' })).toBe('ada 😀 lovelace');
    expect(starterIn({ type: 'IAMUser', userName: `${'a'.repeat(99)} b` })).toBe('a'.repeat(99));
  });

  test('is fit to be shown whatever the record holds', () => {
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
      { numRuns: 1_000 },
    );
  });
});
