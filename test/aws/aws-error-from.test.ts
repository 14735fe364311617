import { connect, type LookupFunction } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { awsErrorFrom } from '../../src/aws/aws-error-from.ts';
import { awsErrorKinds } from '../../src/domain/aws-error.ts';

const onSqs = {
  service: 'SQS',
  action: 'sqs:ListMessageMoveTasks',
  roleArn: 'arn:aws:iam::111122223333:role/dlq-tasks-status',
} as const;
const onSts = { ...onSqs, service: 'STS', action: 'sts:AssumeRole' } as const;

const said = (name: string, message = '', httpStatusCode = 400) => ({
  name,
  message,
  $metadata: { httpStatusCode },
});

describe('what AWS says becomes a kind of error', () => {
  test.each([
    ['AccessDenied', 'access-denied'],
    ['AccessDeniedException', 'access-denied'],
    ['com.amazon.coral.service#AccessDeniedException', 'access-denied'],
    ['Throttling', 'throttled'],
    ['ThrottlingException', 'throttled'],
    ['ThrottledException', 'throttled'],
    ['RequestThrottled', 'throttled'],
    ['RequestThrottledException', 'throttled'],
    ['TooManyRequestsException', 'throttled'],
    ['RequestLimitExceeded', 'throttled'],
    ['SlowDown', 'throttled'],
    ['KmsThrottled', 'throttled'],
    ['AWS.SimpleQueueService.NonExistentQueue', 'queue-missing'],
    ['QueueDoesNotExist', 'queue-missing'],
    ['ResourceNotFoundException', 'queue-missing'],
    ['InvalidAddress', 'invalid-address'],
    ['InvalidAddressException', 'invalid-address'],
    ['InvalidSecurity', 'invalid-security'],
    ['UnsupportedOperation', 'unsupported-operation'],
    ['AWS.SimpleQueueService.UnsupportedOperation', 'unsupported-operation'],
    ['KmsAccessDenied', 'key-access-denied'],
    ['KmsDisabled', 'key-access-denied'],
    ['KmsInvalidKeyUsage', 'key-access-denied'],
    ['KmsInvalidState', 'key-access-denied'],
    ['KmsNotFound', 'key-access-denied'],
    ['KmsOptInRequired', 'key-access-denied'],
    ['KMS.AccessDeniedException', 'key-access-denied'],
    ['ExpiredToken', 'session-expired'],
    ['ExpiredTokenException', 'session-expired'],
    ['InvalidClientTokenId', 'credentials-invalid'],
    ['UnrecognizedClientException', 'credentials-invalid'],
    ['MissingAuthenticationToken', 'credentials-invalid'],
    ['SignatureDoesNotMatch', 'credentials-invalid'],
    ['RequestExpired', 'clock-skewed'],
    ['RequestTimeTooSkewed', 'clock-skewed'],
    ['InvalidParameterValue', 'request-refused'],
    ['InvalidParameterValueException', 'request-refused'],
    ['MissingParameter', 'request-refused'],
    ['MissingRequiredParameterException', 'request-refused'],
    ['MalformedInput', 'request-refused'],
    ['SerializationException', 'request-refused'],
    ['InternalFailure', 'aws-failed'],
    ['ServiceUnavailable', 'aws-failed'],
    ['TimeoutError', 'unreachable'],
    ['AbortError', 'unreachable'],
    ['SomethingNew', 'unexpected'],
  ])('SQS: %s is %s', (name, kind) => {
    expect(awsErrorFrom(said(name), onSqs)).toMatchObject({ kind, code: name });
  });

  test.each([
    ['AccessDenied', 'role-refused'],
    ['AccessDeniedException', 'role-refused'],
    ['RegionDisabledException', 'credentials-invalid'],
    ['InvalidClientTokenId', 'credentials-invalid'],
    ['ExpiredToken', 'session-expired'],
    ['ExpiredTokenException', 'session-expired'],
    ['Throttling', 'throttled'],
    ['ValidationError', 'request-refused'],
    ['InvalidIdentityToken', 'credentials-invalid'],
    ['IDPCommunicationError', 'aws-failed'],
  ])('STS: %s is %s', (name, kind) => {
    expect(awsErrorFrom(said(name), onSts)).toMatchObject({ kind, code: name });
  });

  test.each([
    ['SignatureDoesNotMatch', 'Signature expired: 20261124T020000Z is now earlier than …', 'clock-skewed'],
    [
      'InvalidSignatureException',
      'Signature expired: 20261124T020000Z is now earlier than …',
      'clock-skewed',
    ],
    ['InvalidSignatureException', 'Signature not yet current: 20261124T050000Z', 'clock-skewed'],
    [
      'InvalidSignatureException',
      'The request signature we calculated does not match',
      'credentials-invalid',
    ],
    ['AccessDenied', 'not authorized to perform: kms:Decrypt on resource', 'key-access-denied'],
  ])('%s with "%s" is %s', (name, message, kind) => {
    expect(awsErrorFrom(said(name, message), onSqs).kind).toBe(kind);
  });

  test.each([
    [500, 'aws-failed'],
    [502, 'aws-failed'],
    [503, 'aws-failed'],
    [429, 'throttled'],
    [418, 'unexpected'],
  ])('classifies an answer without a code by its status %i', (status, kind) => {
    expect(awsErrorFrom(said('UnknownError', '', status), onSqs)).toMatchObject({
      kind,
      code: `HTTP ${status}`,
    });
  });

  test.each([
    ['ECONNREFUSED', 'unreachable'],
    ['ECONNRESET', 'unreachable'],
    ['ENOTFOUND', 'unreachable'],
    ['EAI_AGAIN', 'unreachable'],
    ['ETIMEDOUT', 'unreachable'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'unreachable'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unreachable'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'unreachable'],
    ['ERR_PROXY_TUNNEL', 'unreachable'],
    ['ERR_INVALID_URL', 'unexpected'],
  ])('the network says %s: %s', (code, kind) => {
    expect(awsErrorFrom(Object.assign(new Error(''), { name: 'TimeoutError', code }), onSqs)).toMatchObject({
      kind,
      code,
    });
  });
});

describe('a denial', () => {
  const user = 'User: arn:aws:sts::111122223333:assumed-role/dlq-tasks-status/dlq-tasks';
  const on = `on resource: arn:aws:sqs:eu-west-1:111122223333:${'q'.repeat(80)}`;
  const tried = `${user} is not authorized to perform: sqs:listmessagemovetasks ${on}`;

  test.each<[string, { reason?: string }]>([
    [tried, {}],
    [`${tried} with an explicit deny`, { reason: 'an explicit deny' }],
    ...[
      'service control policy',
      'resource control policy',
      'permissions boundary',
      'VPC endpoint policy',
    ].map((policy): [string, { reason: string }] => {
      const reason = `an explicit deny in a ${policy}`;
      return [`${tried} with ${reason}`, { reason }];
    }),
    [
      `${tried} with an explicit deny in a service control policy: arn:aws:organizations::1:policy/o-1/p-1.`,
      { reason: 'an explicit deny in a service control policy: arn:aws:organizations::1:policy/o-1/p-1' },
    ],
    [
      `${tried} because no VPC endpoint policy allows the sqs:ListMessageMoveTasks action`,
      { reason: 'no VPC endpoint policy allows the sqs:ListMessageMoveTasks action' },
    ],
    ['Access to the resource is denied.', {}],
  ])('%s', (message, why) => {
    const awsError = awsErrorFrom(said('AccessDenied', message, 403), onSqs);
    const { action, reason } = awsError;
    expect({ action, ...(reason && { reason }) }).toEqual({ action: onSqs.action, ...why });
  });

  test.each(['sts:TagSession', 'sts:SetSourceIdentity', 'kms:Decrypt'])('names %s', (action) => {
    const message = `${user} is not authorized to perform: ${action} on resource: arn:aws:x`;
    expect(awsErrorFrom(said('AccessDenied', message, 403), onSts).action).toBe(action);
  });

  test('is parsed quickly, whatever it says', () => {
    for (const text of ['because ', 'with an explicit deny ', 'perform: a:', ' '])
      awsErrorFrom(said('AccessDenied', text.repeat(40_000), 403), onSqs);
  }, 1_000);
});

test('an AggregateError lists the message of each attempt', async () => {
  const bothLoopbacks = [
    { address: '::1', family: 6 },
    { address: '127.0.0.1', family: 4 },
  ];
  const refused = await new Promise((resolve) => {
    const lookup: LookupFunction = (_host, _options, done) => done(null, bothLoopbacks);
    connect({ host: 'both.test', port: 1, lookup, autoSelectFamily: true }).on('error', resolve);
  });
  expect(refused).toBeInstanceOf(AggregateError);
  expect(awsErrorFrom(refused, onSts)).toMatchObject({
    kind: 'unreachable',
    code: 'ECONNREFUSED',
    detail: expect.stringMatching(/^connect E\w+ ::1:1.*; connect ECONNREFUSED 127\.0\.0\.1:1$/),
  });
});

describe('what an AWS error says', () => {
  test('everything a person needs, and AWS’s request id', () => {
    const error = {
      ...said('AccessDenied', 'User: arn:aws:sts::111122223333:assumed-role/a/b is not\n authorized'),
      $metadata: { httpStatusCode: 403, requestId: '0a1b-2c' },
    };
    expect(awsErrorFrom(error, onSqs)).toEqual({
      kind: 'access-denied',
      ...onSqs,
      code: 'AccessDenied',
      detail: 'User: arn:aws:sts::111122223333:assumed-role/a/b is not authorized',
      requestId: '0a1b-2c',
    });
  });

  test.each([
    ['an access key id', 'key ASIAIOSFODNN7EXAMPLE is bad', 'key [hidden] is bad'],
    ['a secret key', 'secret wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', 'secret [hidden]'],
    ['a task handle', 'handle eyJ0YXNrSWQiOiJkYzE2OWUwNC0wZTU1LTQ0ZDItYWVhNSJ9', 'handle [hidden]'],
    ['a signature', `Signature=${'0a1b2c3d'.repeat(8)}, x`, '[hidden], x'],
    [
      'a session token',
      `x-amz-security-token:IQoJb3JpZ2luX2Vj${'aB3/'.repeat(40)} host:x`,
      'x-amz-security-token:[hidden] host:x',
    ],
  ])('%s is hidden', (_what, message, detail) => {
    expect(awsErrorFrom(said('InvalidSecurity', message), onSqs).detail).toBe(detail);
  });

  test('the longest ARN stays readable', () => {
    const arn = `arn:aws:sqs:eu-west-1:111122223333:${'Aa1-'.repeat(20)}`;
    expect(awsErrorFrom(said('AccessDenied', `not authorized on ${arn}`), onSqs).detail).toBe(
      `not authorized on ${arn}`,
    );
  });

  test('anything thrown becomes an error of a known kind, with at most 600 characters of detail', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.anything(),
          fc.record({
            name: fc.anything(),
            message: fc.anything(),
            code: fc.anything(),
            $metadata: fc.anything(),
          }),
          fc.record({
            name: fc.string(),
            message: fc.string({ minLength: 200, maxLength: 900, unit: 'grapheme' }),
          }),
        ),
        (error) => {
          const { kind, code, detail } = awsErrorFrom(error, onSqs);
          expect(awsErrorKinds).toContain(kind);
          expect(code.length).toBeGreaterThan(0);
          expect(detail.length).toBeLessThanOrEqual(600);
          expect(detail.isWellFormed() || !String(Reflect.get(Object(error), 'message')).isWellFormed()).toBe(
            true,
          );
        },
      ),
    );
  });
});
