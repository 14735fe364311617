import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { PageAction, PageActionResult, PageState } from '../../../sandbox/slack/page-contract.ts';
import { builtPage } from './built-page.ts';

export type FakeLocalSlack = {
  url: string;
  actions: PageAction[];
  show: (state: PageState) => void;
  /** The answers to the next actions, and when they come. */
  answer: (result: PageActionResult, ready?: Promise<unknown>) => void;
  /** Ends every event stream, and rejects new ones until told otherwise. */
  setReachable: (isReachable: boolean) => void;
  close: () => Promise<void>;
};

/** Serves the page and a state to show on it, and records what the page requests. */
export async function startFakeLocalSlack(first: PageState): Promise<FakeLocalSlack> {
  const page = await builtPage;
  const streams = new Set<ServerResponse>();
  const actions: PageAction[] = [];
  let state = first;
  let isReachable = true;
  let result: PageActionResult = { ok: true };
  let ready: Promise<unknown> = Promise.resolve();

  const onEvents = (response: ServerResponse) => {
    if (!isReachable) return response.writeHead(503).end();
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`data: ${JSON.stringify(state)}\n\n`);
    streams.add(response);
    response.on('close', () => streams.delete(response));
    return response;
  };
  const onAction = async (request: IncomingMessage, response: ServerResponse) => {
    actions.push(JSON.parse(await text(request)) as PageAction);
    await ready;
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result));
  };
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    if (path === '/page/events') return onEvents(response);
    if (path === '/page/action') return void onAction(request, response);
    const file = page(path);
    if (!file) return response.writeHead(404).end();
    return response.writeHead(200, { 'content-type': file.type }).end(file.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const endStreams = () => {
    for (const stream of streams) stream.end();
  };
  return {
    url: `http://127.0.0.1:${port}/`,
    actions,
    show(next) {
      state = next;
      for (const stream of streams) stream.write(`data: ${JSON.stringify(state)}\n\n`);
    },
    answer(next, when = Promise.resolve()) {
      result = next;
      ready = when;
    },
    setReachable(next) {
      isReachable = next;
      if (!next) endStreams();
    },
    async close() {
      endStreams();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
