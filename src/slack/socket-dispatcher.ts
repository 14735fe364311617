import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, DecoratorHandler, type Dispatcher, EnvHttpProxyAgent, WebSocket } from 'undici';
import { networkCode } from './slack-failure.ts';

/** The way to Slack for one socket. */
export type SocketDispatcher = {
  dispatcher: Dispatcher;
  /** What kept the socket from opening, in a word; undici's own event does not say. */
  trouble(): string | undefined;
  /** The answer to the request for a socket, granted or not. */
  status(): number | undefined;
  /** Also when the other side no longer answers. */
  destroy(): void;
};

/**
 * The client of Socket Mode takes no notice of a proxy unless it is given a dispatcher, so it gets the one that Node's
 * own `fetch` uses. undici 8 would speak HTTP/2, where a socket has no line of its own.
 */
export function createSocketDispatcher({ behindProxy }: { behindProxy: boolean }): SocketDispatcher {
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
    trouble: () => trouble,
    status: () => status,
    destroy() {
      line?.destroy();
      agent.destroy().catch(() => undefined);
    },
  };
}

const answerWithinMs = 10_000;

/** The answer to the request for a socket: an HTTP status, or why there was none. */
export type SocketHostAnswer = { host: string; status: number } | { host: string; code: string };

/**
 * Asks for a socket without the ticket that came with its address: Slack answers, and sends no person's request into a
 * socket that nobody serves.
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
