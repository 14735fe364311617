import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createPlainServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from 'vitest';
import { createPlainFetch } from '../../src/entry/plain-fetch.ts';
import { answerByUrl } from '../../src/slack/response-url.ts';
import { slackFailureFrom } from '../../src/slack/slack-failure.ts';

const servers: { close(): unknown }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const fetch = createPlainFetch();

describe('a request over the plain client', () => {
  test('says what it was given, and its answer is read as any other', async () => {
    const url = await serve(async (request, response) => {
      const { method, headers } = request;
      const said = { method, type: headers['content-type'], length: headers['content-length'] };
      response.writeHead(201, { 'X-Two': ['a', 'b'] });
      response.end(JSON.stringify({ ...said, body: await text(request), more: 'ü'.repeat(100_000) }));
    });
    const request = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'grüße' };
    const answer = await fetch(url, request);
    expect([answer.ok, answer.status, answer.statusText, answer.url]).toEqual([true, 201, 'Created', url]);
    expect([answer.headers.get('x-two'), answer.headers.get('X-TWO'), answer.headers.get('none')]).toEqual([
      'a, b',
      'a, b',
      null,
    ]);
    expect(answer.headers.entries()).toContainEqual(['x-two', 'a, b']);
    const said = { method: 'POST', type: 'text/plain', length: '7', body: 'grüße' };
    expect(await answer.json()).toEqual({ ...said, more: 'ü'.repeat(100_000) });
    expect(new TextDecoder().decode(await answer.arrayBuffer())).toBe(await answer.text());
  });

  test('that is refused is answered, too', async () => {
    const url = await serve((_, response) => response.writeHead(429, { 'retry-after': '7' }).end('slow'));
    const { ok, status, headers } = await fetch(url);
    expect([ok, status, headers.get('retry-after')]).toEqual([false, 429, '7']);
  });

  test('follows nobody elsewhere', async () => {
    const url = await serve((_, response) => response.writeHead(307, { location: 'http://evil/' }).end());
    const refused = fetch(url);
    await expect(refused).rejects.toThrow('answered with a redirect');
    expect(slackFailureFrom(await refused.catch((error: unknown) => error))).toEqual({
      kind: 'in-doubt',
      code: 'unexpected redirect',
    });
  });

  test('is given up with the signal’s own reason, before and after the answer has begun', async () => {
    const begun = Promise.withResolvers<void>();
    const url = await serve((request, response) => {
      if (request.url === '/begun') response.writeHead(200).write('half', () => begun.resolve());
    });
    await expect(fetch(url, { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
    await expect(fetch(url, { signal: AbortSignal.abort('no') })).rejects.toBe('no');
    const giving = new AbortController();
    const half = await fetch(`${url}begun`, { signal: giving.signal });
    await begun.promise;
    giving.abort('enough');
    await expect(half.text()).rejects.toBe('enough');
    expect(half.status).toBe(200);
  });

  test('names what broke the line', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/late') response.writeHead(200).write('half', () => request.socket.destroy());
      else request.socket.destroy();
    });
    await expect(fetch(url)).rejects.toMatchObject({ code: 'ECONNRESET' });
    await expect((await fetch(`${url}late`)).text()).rejects.toMatchObject({ code: 'ECONNRESET' });
    await expect(fetch('http://127.0.0.1:1/')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('is encrypted where the address says so', async () => {
    const first = Promise.withResolvers<Buffer>();
    const server = createPlainServer((socket) => socket.once('data', first.resolve).on('error', () => {}));
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const asked = fetch(`https://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(500) });
    const handshake = 0x16;
    expect((await first.promise)[0]).toBe(handshake);
    await expect(asked).rejects.toThrow();
  });

  test('asks for an answer that nobody has packed, and takes none that is no answer', async () => {
    const url = await serve((request, response) => response.end(request.headers['accept-encoding']));
    expect(await (await fetch(url)).text()).toBe('identity');
    const other = createPlainServer((socket) =>
      socket
        .on('error', () => {})
        .end('HTTP/1.1 101 Switching Protocols\r\nupgrade: other\r\nconnection: upgrade\r\n\r\n'),
    );
    servers.push(other);
    await once(other.listen(0, '127.0.0.1'), 'listening');
    const { port } = other.address() as AddressInfo;
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  test('that Slack has taken counts as taken, whatever becomes of the rest of its answer', async () => {
    const url = await serve((request, response) => {
      response.writeHead(200).write('o', () => request.socket.destroy());
    });
    expect(await answerByUrl(url, { text: 'hello', blocks: [] }, {}, fetch)).toBeUndefined();
  });

  test('carries text only', async () => {
    await expect(fetch('http://127.0.0.1:1/', { method: 'POST', body: new FormData() })).rejects.toThrow(
      'Only text',
    );
  });
});
