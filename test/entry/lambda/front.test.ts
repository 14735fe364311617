import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createFrontAws } from '../../../src/entry/lambda/front-aws.ts';

type Place = 'general' | 'lambda' | 'ssm';
type Asked = { at: Place; service: string; body: string; headers: IncomingMessage['headers'] };
type Answering = (asked: Asked, response: ServerResponse) => void;

const servers: ReturnType<typeof createServer>[] = [];
beforeEach(() => {
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_SESSION_TOKEN', 'token');
  vi.stubEnv('SLACK_SIGNING_SECRET_PARAMETER', '/signing-secret');
  vi.stubEnv('WORKER_FUNCTION', 'worker');
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const works: Answering = ({ service }, response) =>
  service === 'ssm'
    ? response.end(JSON.stringify({ Parameter: { Value: 'a secret\n' } }))
    : response.writeHead(202).end();
const sick =
  (service: string, how: (response: ServerResponse) => void): Answering =>
  (one, response) =>
    one.service === service ? how(response) : works(one, response);

/** A new instance of the function, with one AWS for everything, and one per service. */
async function aFront({ answer = works, own = false }: { answer?: Answering; own?: boolean } = {}) {
  const asked: Asked[] = [];
  const state = { answer };
  const serve = async (at: Place) => {
    const server = createServer(async (request, response) => {
      const [, service = ''] = /\/([a-z]+)\/aws4_request/.exec(request.headers.authorization ?? '') ?? [];
      const one = { at, service, body: await text(request), headers: request.headers };
      asked.push(one);
      state.answer(one, response);
    });
    servers.push(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  vi.stubEnv('AWS_ENDPOINT_URL', await serve('general'));
  vi.stubEnv('AWS_ENDPOINT_URL_LAMBDA', own ? `${await serve('lambda')}/` : '');
  vi.stubEnv('AWS_ENDPOINT_URL_SSM', own ? await serve('ssm') : '');
  vi.resetModules();
  const { handler } = await import('../../../src/entry/lambda/front.ts');
  return { front: handler, asked, state };
}

function aCommand(at = Date.now()) {
  const body = 'command=%2Fdlq-tasks&text=orders-dlq&user_id=UANN&channel_id=CGENERAL';
  const timestamp = String(Math.floor(at / 1_000));
  const hash = createHmac('sha256', 'a secret').update(`v0:${timestamp}:${body}`).digest('hex');
  return {
    requestContext: { http: { method: 'POST' } },
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${hash}`,
    },
    body,
  };
}

const placesIn = (asked: Asked[]) => asked.map(({ at, service }) => `${service} at ${at}`);

test('the front reads the secret once and starts the worker with its own signed requests', async () => {
  const { front, asked } = await aFront();
  const first = await front(aCommand());
  const before = asked.length;
  expect([first, await front(aCommand())]).toEqual(Array(2).fill({ statusCode: 200, body: '' }));
  expect([...new Set(placesIn(asked))]).toEqual(['ssm at general', 'lambda at general']);
  expect(placesIn(asked.slice(before))).toEqual(['lambda at general']);
  const [secret, start] = [asked[0], asked.at(-1)];
  expect(JSON.parse(secret?.body ?? '')).toEqual({ Name: '/signing-secret', WithDecryption: true });
  expect(JSON.parse(start?.body ?? '')).toMatchObject({ body: aCommand().body });
  expect(start?.headers).toMatchObject({
    'x-amz-invocation-type': 'Event',
    'x-amz-security-token': 'token',
    connection: 'close',
    authorization: expect.stringMatching(
      /^AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE\/\d{8}\/eu-west-1\/lambda\//,
    ),
  });
});

test('calls each service at the address in its own variable', async () => {
  const { front, asked } = await aFront({ own: true });
  await front(aCommand());
  expect(placesIn(asked)).toEqual(['ssm at ssm', 'lambda at lambda']);
});

test.each([
  ['eu-west-1', 'https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/worker/invocations'],
  ['cn-north-1', 'https://lambda.cn-north-1.amazonaws.com.cn/2015-03-31/functions/worker/invocations'],
])('calls AWS itself without any of them, even in %s', async (AWS_REGION, url) => {
  const sent: string[] = [];
  vi.stubGlobal('fetch', async (request: Request) => {
    sent.push(request.url);
    return new Response('', { status: 202 });
  });
  const env = { AWS_REGION, AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' };
  await createFrontAws(env).startFunction('worker', {}, AbortSignal.timeout(1_000));
  expect(sent).toEqual([url]);
});

describe('answers within 2.5 s', () => {
  const slowAtFirst = (): Answering => {
    let reads = 0;
    return (one, response) => {
      if (one.service !== 'ssm') return;
      reads += 1;
      if (reads === 2) works(one, response);
    };
  };
  const notReached = expect.stringContaining('may not have received this');
  const cases: [string, Answering, number, unknown, string[]][] = [
    ['a Parameter Store that hangs', sick('ssm', () => undefined), 500, '', ['ssm', 'ssm']],
    ['one that stops half-way', sick('ssm', (it) => void it.write('{')), 500, '', ['ssm', 'ssm']],
    ['one that refuses', sick('ssm', (it) => void it.writeHead(503).end()), 500, '', ['ssm', 'ssm']],
    ['a Lambda that hangs', sick('lambda', () => undefined), 200, notReached, ['ssm', 'lambda']],
    [
      'one that stops half-way',
      sick('lambda', (it) => void it.write('{')),
      200,
      notReached,
      ['ssm', 'lambda'],
    ],
    [
      'one that refuses',
      sick('lambda', (it) => void it.writeHead(503).end()),
      200,
      notReached,
      ['ssm', 'lambda'],
    ],
    ['both of them slow', slowAtFirst(), 200, notReached, ['ssm', 'ssm', 'lambda']],
  ];
  test('whatever Lambda and Parameter Store do, and starts the worker at most once', async () => {
    const fronts = [];
    for (const [, answer] of cases) fronts.push(await aFront({ answer }));
    const outcomes = fronts.map(async ({ front, asked }, index) => {
      const began = performance.now();
      const { statusCode, body } = await front(aCommand());
      const isInTime = performance.now() - began < 2_500;
      return [cases[index]?.[0], statusCode, body, asked.map(({ service }) => service), isInTime];
    });
    expect(await Promise.all(outcomes)).toEqual(
      cases.map(([what, , statusCode, body, asked]) => [what, statusCode, body, asked, true]),
    );
  });

  test('with the cached secret, while Parameter Store hangs', async () => {
    let laterMs = 0;
    const { now } = Date;
    vi.spyOn(Date, 'now').mockImplementation(() => now() + laterMs);
    const { front, asked, state } = await aFront();
    await front(aCommand());
    state.answer = sick('ssm', () => undefined);
    laterMs = 200_000;
    const began = performance.now();
    expect(await front(aCommand())).toEqual({ statusCode: 200, body: '' });
    expect(performance.now() - began).toBeLessThan(2_500);
    expect(await front(aCommand())).toEqual({ statusCode: 200, body: '' });
    expect(asked.map(({ service }) => service)).toEqual(['ssm', 'lambda', 'ssm', 'ssm', 'lambda', 'lambda']);
  });
});
