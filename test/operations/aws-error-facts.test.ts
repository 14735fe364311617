import { expect, test } from 'vitest';
import { awsFactsOf } from '../../src/operations/aws-error-facts.ts';
import { anAwsError } from '../support/builders.ts';

test('logs each cause once, with the ID of one of its requests', () => {
  const awsError = anAwsError({ region: 'eu-west-1', reason: 'an explicit deny', requestId: 'request-1' });
  const other = anAwsError({
    kind: 'unreachable',
    service: 'STS',
    roleArn: '',
    code: 'ECONNRESET',
    detail: '',
  });
  expect(awsFactsOf([awsError, { ...awsError, requestId: 'request-2' }, other])).toEqual([
    {
      service: 'SQS',
      action: 'sqs:ListMessageMoveTasks',
      role: awsError.roleArn,
      region: 'eu-west-1',
      code: 'AccessDenied',
      said: 'not authorized',
      reason: 'an explicit deny',
      requestId: 'request-2',
    },
    { service: 'STS', action: 'sqs:ListMessageMoveTasks', code: 'ECONNRESET' },
  ]);
});

test('keeps a log line short, however many causes there are', () => {
  const many = Array.from({ length: 50 }, (_, i) => anAwsError({ code: `Code${i}` }));
  expect(awsFactsOf(many)).toHaveLength(5);
});
