import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody, sendJson, sendText } from './http.ts';
import { parseJson } from './json.ts';
import { readPageAction } from './page-action.ts';
import type { PageAction, PageActionResult, PageState } from './page-contract.ts';
import type { Workspace } from './workspace.ts';

/** Simultaneous changes are sent as one. */
const coalesceMs = 40;

type Parts = {
  workspace: Workspace;
  state: () => PageState;
  perform: (action: PageAction) => Promise<PageActionResult>;
};

export function createPageApi({ workspace, state, perform }: Parts) {
  function stream(response: ServerResponse) {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    const tell = () => response.write(`data: ${JSON.stringify(state())}\n\n`);
    let pending: NodeJS.Timeout | undefined;
    const stop = workspace.onChange(() => {
      pending ??= setTimeout(() => {
        pending = undefined;
        tell();
      }, coalesceMs);
    });
    response.on('close', () => {
      stop();
      clearTimeout(pending);
    });
    tell();
  }

  async function act(request: IncomingMessage, response: ServerResponse) {
    // A page of another origin can't send this content type without a preflight, which is never allowed.
    if (!request.headers['content-type']?.startsWith('application/json')) {
      return sendText(response, 415, 'the content type must be application/json');
    }
    const action = readPageAction(parseJson(await readBody(request)));
    if (!action) return sendJson(response, 400, { ok: false, error: 'This is not an action.' });
    sendJson(response, 200, await perform(action));
  }

  /** false if the path does not belong to the page. */
  return async function handle(request: IncomingMessage, response: ServerResponse, path: string) {
    const route = `${request.method} ${path}`;
    if (route === 'GET /page/state') sendJson(response, 200, state());
    else if (route === 'GET /page/events') stream(response);
    else if (route === 'POST /page/action') await act(request, response);
    else return false;
    return true;
  };
}
