import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { createPlainFetch } from '../../src/slack/plain-fetch.ts';

let server: Server;
let connections = 0;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function slackThat(answers: RequestListener): Promise<string> {
  connections = 0;
  server = createServer(answers).on('connection', () => {
    connections += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/api/chat.postMessage`;
}

const plainFetch = createPlainFetch();
const form = { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: 'Grüße' };

test('text is sent and text comes back, with status and headers, over one connection', async () => {
  const url = await slackThat(async (request, response) => {
    const { method, headers } = request;
    const sent = Buffer.concat(await request.toArray()).toString();
    response.writeHead(200, { 'x-oauth-scopes': 'chat:write' });
    response.end(`${method} ${headers['content-type']} ${headers['content-length']} ${sent} ✓`);
  });
  const answers = [await plainFetch(url, form), await plainFetch(url, form)];
  expect(answers.map(({ status, headers }) => [status, headers.get('x-oauth-scopes')])).toEqual([
    [200, 'chat:write'],
    [200, 'chat:write'],
  ]);
  expect(await answers[1]?.text()).toBe('POST text/plain 7 Grüße ✓');
  expect(connections).toBe(1);
});

test.each([
  [302, { location: 'http://127.0.0.1:1/elsewhere' }],
  [204, {}],
  [429, { 'retry-after': '3' }],
])('%s is an answer like any other', async (status, headers) => {
  const url = await slackThat((request, response) => {
    request.resume();
    response.writeHead(status, headers).end();
  });
  const answer = await plainFetch(url, form);
  expect([answer.status, await answer.text()]).toEqual([status, '']);
});

describe('who waits no longer is told why', () => {
  test.each<[string, RequestListener]>([
    ['when nothing comes', () => undefined],
    ['in the middle of the answer', (_request, response) => response.writeHead(200).write('half')],
  ])('%s', async (_when, answers) => {
    const patience = new AbortController();
    const url = await slackThat((request, response) => {
      answers(request, response);
      setImmediate(() => patience.abort(new Error('ten seconds are over')));
    });
    await expect(plainFetch(url, { ...form, signal: patience.signal })).rejects.toThrow();
  });

  test('before it was sent', async () => {
    const url = await slackThat((_request, response) => response.end());
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(plainFetch(url, { ...form, signal })).rejects.toThrow('too late');
  });
});

test.each<[string, RequestListener]>([
  ['before the answer', (request) => request.socket.destroy()],
  [
    'in its middle',
    (request, response) => {
      response.writeHead(200, { 'content-length': 10 }).write('half');
      setImmediate(() => request.socket.destroy());
    },
  ],
])('a line that breaks %s is an error with its code', async (_when, answers) => {
  const url = await slackThat(answers);
  await expect(plainFetch(url, form)).rejects.toMatchObject({ code: 'ECONNRESET' });
});

test('what is no text cannot be sent', async () => {
  const body = new FormData();
  await expect(plainFetch('http://127.0.0.1:1/', { method: 'POST', body })).rejects.toThrow('only text');
});
