import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { BodyTooLarge, formOf, readBody, sendText } from './http.ts';
import { isRecord, type Json, parseJson } from './json.ts';
import type { createPageApi } from './page-api.ts';
import { Refusal } from './refusal.ts';
import type { ResponseUrls } from './response-urls.ts';
import { type Answer, answerWithFaults } from './troubled-answer.ts';
import type { createWebApi } from './web-api.ts';
import type { Workspace } from './workspace.ts';

type Parts = {
  workspace: Workspace;
  webApi: ReturnType<typeof createWebApi>;
  pageApi: ReturnType<typeof createPageApi>;
  responseUrls: ResponseUrls;
};

type Handler = (request: IncomingMessage, response: ServerResponse, rest: string) => Promise<void> | void;

const loopbackNames = ['127.0.0.1', 'localhost', '[::1]'];

/** Another name means that another website's name was pointed at this machine (DNS rebinding). */
export function isLoopback(request: IncomingMessage): boolean {
  return loopbackNames.includes((request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase());
}

export function createRoutes({ workspace, webApi, pageApi, responseUrls }: Parts): RequestListener {
  const { pageFiles } = workspace.settings;

  async function answerResponseUrl(request: IncomingMessage, response: ServerResponse, id: string) {
    const body = await readBody(request);
    const parsed = parseJson(body);
    const args = isRecord(parsed) ? parsed : formOf(body);
    const exchange = { request, response, method: 'response_url', args };
    await answerWithFaults(workspace, exchange, () => used(responseUrls, id, args));
  }

  function openPermalink(_: IncomingMessage, response: ServerResponse, path: string) {
    const [channel = ''] = path.split('/');
    response.writeHead(302, { location: `/#channel=${encodeURIComponent(channel)}` }).end();
  }

  function serveFile(response: ServerResponse, path: string) {
    const file = pageFiles?.(path);
    if (!file) return sendText(response, 404, 'not found');
    response.writeHead(200, { 'content-type': file.type, 'cache-control': 'no-cache' }).end(file.body);
  }

  const byPrefix: [method: string, prefix: string, Handler][] = [
    ['POST', '/api/', webApi],
    ['GET', '/api/', webApi],
    ['POST', '/response/', answerResponseUrl],
    ['GET', '/archives/', openPermalink],
  ];

  async function route(request: IncomingMessage, response: ServerResponse) {
    if (!isLoopback(request)) return sendText(response, 403, 'only names of this machine are allowed');
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    if (await pageApi(request, response, path)) return;
    const found = byPrefix.find(([method, prefix]) => request.method === method && path.startsWith(prefix));
    if (found) return found[2](request, response, path.slice(found[1].length));
    if (request.method === 'GET') return serveFile(response, path);
    sendText(response, 405, 'method not allowed');
  }

  return (request, response) => {
    route(request, response).catch((error: unknown) => {
      if (response.headersSent) return response.destroy();
      const status = error instanceof BodyTooLarge ? 413 : 500;
      sendText(response, status, error instanceof Error ? error.message : String(error));
    });
  };
}

function used(responseUrls: ResponseUrls, id: string, args: Json): Answer {
  try {
    responseUrls.use(id, args);
    return { status: 200, body: 'ok' };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const isGone = error.code === 'expired_url' || error.code === 'used_url';
    return { status: isGone ? 404 : 400, body: { ok: false, error: error.code, ...error.detail } };
  }
}
