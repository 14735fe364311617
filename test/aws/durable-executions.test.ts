import { describe, expect, test } from 'vitest';
import { createDurableExecutions } from '../../src/aws/durable-executions.ts';
import { createSignedCall } from '../../src/aws/signed-call.ts';

const DurableExecutionArn = 'arn:aws:lambda:eu-west-1:111122223333:function:watch:1/durable-execution/a/b';
const place = { region: 'eu-west-1', credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' } };

/** A Lambda that gives these answers, one after the other. */
function aLambda(...answers: (Response | Error)[]) {
  const requests: Request[] = [];
  const call = createSignedCall(place, async (url, request) => {
    requests.push(new Request(url, request));
    const answer = answers.shift() ?? new Response('', { status: 500 });
    if (answer instanceof Error) throw answer;
    return answer;
  });
  return { executions: createDurableExecutions(call), requests };
}

const startedAt = Date.UTC(2026, 10, 24, 3);
const operations = [{ Id: '1', StartTimestamp: startedAt / 1000, StepDetails: { Attempt: 1 } }];
const withDates = [{ Id: '1', StartTimestamp: new Date(startedAt), StepDetails: { Attempt: 1 } }];

describe('a checkpoint', () => {
  test('is sent with all it holds, and Lambda’s seconds come back as dates', async () => {
    const { executions, requests } = aLambda(
      Response.json({ CheckpointToken: 'next', NewExecutionState: { Operations: operations } }),
    );
    const Updates = [{ Id: '1', Type: 'STEP', Action: 'START' }];
    const asked = { DurableExecutionArn, CheckpointToken: 'first', Updates };
    expect(await executions.checkpoint(asked)).toEqual({
      CheckpointToken: 'next',
      NewExecutionState: { Operations: withDates },
    });
    const [request] = requests;
    expect([request?.method, new URL(request?.url ?? '').pathname]).toEqual([
      'POST',
      `/2025-12-01/durable-executions/${encodeURIComponent(DurableExecutionArn)}/checkpoint`,
    ]);
    expect(await request?.json()).toEqual({
      CheckpointToken: 'first',
      Updates,
      ClientToken: expect.stringMatching(/^[\da-f-]{36}$/),
    });
  });

  test('whose answer was lost is sent again under the same token, so that Lambda knows it', async () => {
    const { executions, requests } = aLambda(
      new TypeError('the line broke'),
      new Response('', { status: 502 }),
      Response.json({ CheckpointToken: 'next' }),
    );
    await executions.checkpoint({ DurableExecutionArn, CheckpointToken: 'first', Updates: [] });
    const sent = await Promise.all(requests.map((request) => request.text()));
    expect([sent.length, new Set(sent).size]).toEqual([3, 1]);
  });

  test('that Lambda refuses fails as the durable SDK knows it from the AWS SDK', async () => {
    const refusal = { Type: 'User', message: 'Invalid Checkpoint Token: first' };
    const { executions, requests } = aLambda(
      Response.json(refusal, {
        status: 400,
        headers: { 'x-amzn-errortype': 'InvalidParameterValueException:http://internal/' },
      }),
    );
    await expect(executions.checkpoint({ DurableExecutionArn })).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: 'Invalid Checkpoint Token: first',
      $metadata: { httpStatusCode: 400 },
    });
    expect(requests).toHaveLength(1);
  });
});

test('a page of an execution’s state is asked for by its marker', async () => {
  const { executions, requests } = aLambda(Response.json({ Operations: operations, NextMarker: '' }));
  const asked = { DurableExecutionArn, CheckpointToken: 'a/b=', Marker: '100', MaxItems: 1000 };
  expect(await executions.getExecutionState(asked)).toEqual({ Operations: withDates, NextMarker: '' });
  const url = new URL(requests[0]?.url ?? '');
  expect([requests[0]?.method, url.pathname.split('/').at(-1), Object.fromEntries(url.searchParams)]).toEqual(
    ['GET', 'state', { CheckpointToken: 'a/b=', Marker: '100', MaxItems: '1000' }],
  );
});
