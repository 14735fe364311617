import { Agent as HttpAgent, type IncomingMessage, request as requestOverHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestOverHttps } from 'node:https';

/** Shorter than a server keeps one: what is sent on a line that the other side has just closed is in doubt. */
const idleConnectionMs = 4_000;

/**
 * As much of `fetch` as talking to Slack needs, over Node's plain HTTP client, which takes half the CPU: text is sent,
 * text comes back, connections are kept, and a redirect is an answer that is not followed.
 */
export function createPlainFetch(): typeof fetch {
  const kept = { keepAlive: true, timeout: idleConnectionMs };
  const agents = { http: new HttpAgent(kept), https: new HttpsAgent(kept) };

  function send(url: URL, init: RequestInit, body: string): Promise<IncomingMessage> {
    const isSafe = url.protocol === 'https:';
    const request = isSafe ? requestOverHttps : requestOverHttp;
    const agent = isSafe ? agents.https : agents.http;
    const { method = 'GET', signal } = init;
    const headers = { ...headersOf(init), 'content-length': Buffer.byteLength(body) };
    return new Promise((resolve, reject) => {
      request(url, { agent, method, headers, ...(signal && { signal }) }, resolve)
        .on('error', reject)
        .end(body);
    });
  }

  return async (input, init = {}) => {
    const { body = '' } = init;
    if (typeof body !== 'string') throw new TypeError('only text can be sent');
    const answer = await send(new URL(String(input)), init, body);
    return responseOf(answer, await textOf(answer));
  };
}

function headersOf({ headers }: RequestInit): Record<string, string> {
  return Object.fromEntries(new Headers(headers));
}

function textOf(answer: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    answer.setEncoding('utf8');
    answer.on('data', (part: string) => {
      text += part;
    });
    answer.once('end', () => resolve(text));
    answer.once('error', reject);
  });
}

function responseOf(
  { statusCode = 0, statusMessage = '', headers }: IncomingMessage,
  text: string,
): Response {
  const told = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
  const hasNoBody = [204, 205, 304].includes(statusCode);
  return new Response(hasNoBody ? null : text, {
    status: statusCode,
    statusText: statusMessage,
    headers: told,
  });
}
