import { describe, expect, test } from 'vitest';
import { createReadParameter } from '../../src/aws/read-parameter.ts';
import { createStartFunction } from '../../src/aws/start-function.ts';
import { type Answer, type Sent, wireOf } from './wire-of.ts';

/** An AWS that gives these answers, one after the other. */
function anAws(...answers: Answer[]) {
  const sent: Sent[] = [];
  const config = wireOf((request) => {
    sent.push(request);
    return answers.shift() ?? { status: 500 };
  });
  return { config, sent };
}

const watchFunction = { functionName: 'watch', qualifier: 'durable' };
const run = { watch: 'C1', run: 1 };
const refusal = (status: number, type: string): Answer => ({
  status,
  headers: { 'x-amzn-errortype': `${type}:http://internal/`, 'x-amzn-requestid': 'R1' },
  body: { Message: 'no' },
});

describe('starting a durable function', () => {
  test('is one request under a name, without waiting for the result', async () => {
    const { config, sent } = anAws({ status: 202 });
    await createStartFunction(config, watchFunction)(run);
    expect(sent).toMatchObject([
      {
        hostname: 'lambda.eu-west-1.amazonaws.com',
        path: '/2015-03-31/functions/watch/invocations',
        query: { Qualifier: 'durable' },
        body: '{"watch":"C1","run":1}',
        headers: { 'x-amz-invocation-type': 'Event', 'x-amz-durable-execution-name': 'C1-1' },
      },
    ]);
  });

  test('succeeds if it was already started, but fails while a deployment changes it', async () => {
    const { config, sent } = anAws(
      refusal(409, 'DurableExecutionAlreadyStartedException'),
      refusal(409, 'ResourceConflictException'),
    );
    const startFunction = createStartFunction(config, watchFunction);
    await startFunction(run);
    await expect(startFunction(run)).rejects.toThrow(
      'Lambda returned 409 ResourceConflictException: no (request R1)',
    );
    expect(sent).toHaveLength(2);
  });

  test('is retried when the connection broke, and reported if that keeps happening', async () => {
    const again = anAws('broken line', { status: 202 });
    await createStartFunction(again.config, watchFunction)(run);
    expect(again.sent).toHaveLength(2);
    const never = anAws('broken line', 'broken line', 'broken line', 'broken line');
    await expect(createStartFunction(never.config, watchFunction)(run)).rejects.toThrow(
      'Lambda did not answer: ECONNRESET',
    );
  });
});

describe('reading a parameter', () => {
  const found = { status: 200, body: { Parameter: { Value: ' secret\n' } } };

  test('retries when the first attempt fails temporarily', async () => {
    const { config, sent } = anAws('broken line', found, { status: 503 }, found);
    const read = createReadParameter(config);
    expect([await read('/a'), await read('/a'), sent.length]).toEqual(['secret', 'secret', 4]);
  });

  test('reports what was refused, and nothing else from the answer', async () => {
    const { config } = anAws({ status: 400, body: { __type: 'com.amazonaws#ParameterNotFound' } });
    const error = await createReadParameter(config)('/a').catch((thrown: unknown) => thrown);
    expect(String(error)).toMatch(/^Error: The Parameter Store returned 400 ParameterNotFound/);
    expect(Object.keys(Object(error))).toEqual([]);
  });

  test('rejects an empty one', async () => {
    const { config } = anAws({ status: 200, body: { Parameter: { Value: ' ' } } });
    await expect(createReadParameter(config)('/a')).rejects.toThrow('The parameter /a is empty.');
  });
});
