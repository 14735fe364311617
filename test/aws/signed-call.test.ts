import { describe, expect, test } from 'vitest';
import { createInvokeFunction } from '../../src/aws/invoke-function.ts';
import { createReadParameter } from '../../src/aws/read-parameter.ts';
import { createSignedCall } from '../../src/aws/signed-call.ts';

const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' };

/** A call to an AWS that gives these answers, one after the other. */
function anAws(answers: (Response | Error)[], region = 'eu-west-1') {
  const requests: Request[] = [];
  const call = createSignedCall({ region, credentials }, async (url, request) => {
    requests.push(new Request(url, request));
    const answer = answers.shift() ?? new Response('', { status: 500 });
    if (answer instanceof Error) throw answer;
    return answer;
  });
  return { call, requests };
}
const refusal = (status: number, type: string) =>
  new Response('{"Message":"no"}', { status, headers: { 'x-amzn-errortype': `${type}:http://internal/` } });
const invocation = { functionName: 'watch', qualifier: 'durable', payload: { run: 1 }, durableName: 'C1-1' };

describe('starting a function', () => {
  test('is one signed request, without waiting for what becomes of it', async () => {
    const { call, requests } = anAws([new Response('', { status: 202 })]);
    await createInvokeFunction(call)(invocation);
    const [request] = requests;
    expect([requests.length, request?.url, await request?.text()]).toEqual([
      1,
      'https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/watch/invocations?Qualifier=durable',
      '{"run":1}',
    ]);
    expect(Object.fromEntries(request?.headers ?? [])).toMatchObject({
      authorization: expect.stringMatching(
        /^AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE\/\d{8}\/eu-west-1\/lambda\//,
      ),
      'x-amz-security-token': 'token',
      'x-amz-invocation-type': 'Event',
      'x-amz-durable-execution-name': 'C1-1',
    });
  });

  test('that was started already is no failure, but one that a deployment is just changing is', async () => {
    const { call } = anAws([
      refusal(409, 'DurableExecutionAlreadyStartedException'),
      refusal(409, 'ResourceConflictException'),
    ]);
    await createInvokeFunction(call)(invocation);
    await expect(createInvokeFunction(call)(invocation)).rejects.toThrow(
      'Lambda answered 409 ResourceConflictException',
    );
  });

  test('goes to China’s own addresses there', async () => {
    const { call, requests } = anAws([new Response('', { status: 202 })], 'cn-north-1');
    await createInvokeFunction(call)({ functionName: 'worker', payload: {} });
    expect(requests[0]?.url).toMatch(/^https:\/\/lambda\.cn-north-1\.amazonaws\.com\.cn\//);
  });
});

describe('reading a parameter', () => {
  const found = () => Response.json({ Parameter: { Value: ' secret\n' } });

  test('asks once more when the first try fails in passing', async () => {
    const { call, requests } = anAws([
      new TypeError('fetch failed'),
      found(),
      new Response('', { status: 503 }),
      found(),
    ]);
    const read = createReadParameter(call);
    expect([await read('/a'), await read('/a'), requests.length]).toEqual(['secret', 'secret', 4]);
  });

  test('says what was refused, and nothing of what was asked', async () => {
    const { call } = anAws([Response.json({ __type: 'com.amazonaws#ParameterNotFound' }, { status: 400 })]);
    await expect(createReadParameter(call)('/a')).rejects.toThrow(
      'The Parameter Store answered 400 ParameterNotFound',
    );
  });
});
