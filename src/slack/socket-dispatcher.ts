import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, DecoratorHandler, type Dispatcher, EnvHttpProxyAgent, WebSocket } from 'undici';
import { networkCode } from './slack-failure.ts';

/**
 * Slack's Socket Mode client ignores proxies unless it gets a dispatcher, so it gets the one that Node's own
 * `fetch` uses. undici 8 would use HTTP/2, where a socket has no connection of its own.
 */
export function createSocketDispatcher({ behindProxy }: { behindProxy: boolean }) {
  const agent = behindProxy ? new EnvHttpProxyAgent({ allowH2: false }) : new Agent({ allowH2: false });
  let line: Duplex | undefined;
  let trouble: string | undefined;
  let status: number | undefined;
  const watched = (handler: Dispatcher.DispatchHandler): Dispatcher.DispatchHandler => {
    const next: Dispatcher.DispatchHandler = new DecoratorHandler(handler);
    return {
      onRequestStart: (...start) => next.onRequestStart?.(...start),
      onRequestUpgrade(controller, code, headers, socket) {
        line = socket;
        status = code;
        next.onRequestUpgrade?.(controller, code, headers, socket);
      },
      onResponseStart(controller, code, ...rest) {
        trouble = `HTTP ${code}`;
        status = code;
        next.onResponseStart?.(controller, code, ...rest);
      },
      onResponseData: (...data) => next.onResponseData?.(...data),
      onResponseEnd: (...end) => next.onResponseEnd?.(...end),
      onResponseError(controller, error) {
        trouble ??= networkCode({ cause: error });
        next.onResponseError?.(controller, error);
      },
    };
  };
  return {
    dispatcher: agent.compose((dispatch) => (options, handler) => dispatch(options, watched(handler))),
    /** Why the socket could not be opened, in a word; undici's own event does not say. */
    trouble: () => trouble,
    /** The answer to the upgrade request, granted or not. */
    status: () => status,
    /** Also when the other side no longer answers. */
    destroy() {
      line?.destroy();
      agent.destroy().catch(() => undefined);
    },
  };
}

const answerWithinMs = 10_000;

/** The answer to the upgrade request: an HTTP status, or why there was none. */
export type SocketHostAnswer = { host: string; status: number } | { host: string; code: string };

/**
 * Tries to open a socket without the ticket from its address: Slack answers, but sends no person's request to
 * a socket that nobody serves.
 */
export async function probeSocketHost(
  address: string,
  options: { behindProxy: boolean },
): Promise<SocketHostAnswer> {
  const url = new URL(address);
  url.search = '';
  const line = createSocketDispatcher(options);
  const socket = new WebSocket(url, { dispatcher: line.dispatcher });
  const answered = new Promise((resolve) => {
    for (const event of ['open', 'close'] as const) socket.addEventListener(event, resolve);
  });
  await Promise.race([answered, sleep(answerWithinMs, undefined, { ref: false })]);
  const status = line.status();
  const { host } = url;
  const answer = status === undefined ? { host, code: line.trouble() ?? 'no answer' } : { host, status };
  line.destroy();
  return answer;
}
