import { AwsV4Signer } from 'aws4fetch';
import { describe, expect, test } from 'vitest';
import { signedHeaders } from '../../src/aws/signature.ts';

const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
};
const now = Date.UTC(2015, 7, 30, 12, 36);

describe('a signature is', () => {
  test.each([
    {
      what: 'get-vanilla of AWS’s test suite',
      url: 'https://example.amazonaws.com/',
      headers: {},
      service: 'service',
      signature: '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
    },
    {
      what: 'ListUsers of AWS’s documentation',
      url: 'https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08',
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
      service: 'iam',
      signature: '5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
    },
  ])('what AWS says it is: $what', ({ url, headers, service, signature }) => {
    const request = { method: 'GET', url, headers, body: '' };
    const { authorization } = signedHeaders(request, { credentials, region: 'us-east-1', service, now });
    expect(authorization).toContain(`Signature=${signature}`);
  });

  test.each([
    ['POST', 'https://sqs.eu-west-1.amazonaws.com/', '{"SourceArn":"arn:aws:sqs:eu-west-1:1:ünï"}'],
    ['POST', 'http://127.0.0.1:4566/', 'Action=AssumeRole&Version=2011-06-15'],
    ['POST', 'https://lambda.x.amazonaws.com/2015-03-31/functions/a%3Ab/invocations?Qualifier=live', '{}'],
    ['GET', "https://lambda.x.amazonaws.com/2025-12-01/durable-executions/arn%3Aaws%2Fx'(y)!*/state", ''],
    ['GET', 'https://lambda.x.amazonaws.com/state?Marker=b%2Fc%3D%2B+d&CheckpointToken=%27%28%29~&A=', ''],
  ])('the same that another signer makes: %s %s', async (method, url, body) => {
    const given = { ...credentials, sessionToken: 'AQ/+token==' };
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'AmazonSQS.  Two  spaces',
    };
    const signer = { region: 'eu-west-1', service: 'sqs' };
    const signed = signedHeaders({ method, url, headers, body }, { credentials: given, ...signer, now });
    const theirs = await new AwsV4Signer({
      ...given,
      ...signer,
      ...{ method, url, headers, datetime: '20150830T123600Z', allHeaders: true },
      ...(body && { body }),
    }).sign();
    expect(signed['authorization']).toBe(theirs.headers.get('authorization'));
    expect(signed['x-amz-security-token']).toBe('AQ/+token==');
  });
});
