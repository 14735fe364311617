import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { WebClient } from '@slack/web-api';
import { afterEach, describe, expect, test } from 'vitest';
import { answerByUrl } from '../../src/slack/response-url.ts';
import { promptClientOptions } from '../../src/slack/slack-client.ts';
import { slackFailureFrom } from '../../src/slack/slack-failure.ts';

const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => 'error' as never,
  setName: () => undefined,
};
const message = { text: 'hello', blocks: [] };

const servers: { close(): unknown; closeAllConnections?(): void }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections?.();
    server.close();
  }
});

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

async function serveBytes(answer: string): Promise<string> {
  const server = createTcpServer((socket) => socket.on('error', () => undefined).end(answer));
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** The result of a Web API call, and of an answer to a response URL. */
async function bothTo(url: string, timeoutMs = 5_000) {
  const options = promptClientOptions({ botToken: 'xoxb-1', apiUrl: url, logger: silent });
  const client = new WebClient('xoxb-1', { ...options, timeout: timeoutMs });
  const called = await client.chat
    .postMessage({ channel: 'C1', ...message })
    .then(() => undefined, slackFailureFrom);
  return [called, await answerByUrl(url, message)];
}

describe('whatever Slack or a proxy does to a request gets a short reason', () => {
  test('a redirect is not followed: it would carry the token elsewhere', async () => {
    const elsewhere: string[] = [];
    const other = await serve((request, response) => {
      elsewhere.push(request.url ?? '');
      response.end('{"ok":true}');
    });
    const url = await serve((_, response) => response.writeHead(307, { location: other }).end());
    expect(await bothTo(url)).toEqual(Array(2).fill({ kind: 'in-doubt', code: 'unexpected redirect' }));
    expect(elsewhere).toEqual([]);
  });

  test('nothing listens there', async () => {
    const url = await serve(() => undefined);
    servers.pop()?.close();
    expect(await bothTo(url)).toEqual(Array(2).fill({ kind: 'in-doubt', code: 'ECONNREFUSED' }));
  });

  test('the connection breaks before an answer', async () => {
    const url = await serve((request) => request.socket.destroy());
    const failures = await bothTo(url);
    expect(failures).toEqual(
      Array(2).fill({ kind: 'in-doubt', code: expect.stringMatching(/^(UND_ERR_SOCKET|ECONNRESET)$/) }),
    );
  });

  test.each([
    ['another protocol', 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'],
    ['noise', 'SSH-2.0-OpenSSH_9.6\r\n'],
  ])('the other side speaks %s', async (_what, bytes) => {
    const failures = await bothTo(await serveBytes(bytes));
    expect(failures.map((failure) => failure?.kind)).toEqual(['in-doubt', 'in-doubt']);
  });

  test('too many requests', async () => {
    const url = await serve((_, response) => response.writeHead(429, { 'retry-after': '7' }).end('slow'));
    expect(await bothTo(url)).toEqual(Array(2).fill({ kind: 'rate-limited', retryAfterSeconds: 7 }));
  });

  test('no answer in time, and one that stops half-way', async () => {
    const options = (apiUrl: string) => ({
      ...promptClientOptions({ botToken: 'xoxb-1', apiUrl, logger: silent }),
      timeout: 100,
    });
    const url = await serve((request, response) => {
      if (request.url?.startsWith('/half')) response.writeHead(200).write('{"ok":');
    });
    const outcomes = await Promise.all(
      [url, `${url}half/`].map((apiUrl) =>
        new WebClient('xoxb-1', options(apiUrl)).auth.test().then(() => undefined, slackFailureFrom),
      ),
    );
    expect(outcomes).toEqual(Array(2).fill({ kind: 'in-doubt', code: 'TimeoutError' }));
  });
});

test('an accepted answer counts, whatever happens to the rest of the response', async () => {
  const url = await serve((request, response) => {
    response.writeHead(200).write('o', () => request.socket.destroy());
  });
  expect(await answerByUrl(url, message)).toBeUndefined();
});
