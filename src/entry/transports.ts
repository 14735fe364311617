import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Environment } from '../config/environment.ts';
import type { Log } from '../operations/log.ts';
import type { Metrics } from '../operations/metrics.ts';
import type { SlackAppOptions } from '../slack/app.ts';
import { HttpReceiver, listen } from '../slack/http-receiver.ts';
import { createSocketReceiver, type SocketReceiver } from '../slack/socket-receiver.ts';

export type Transports = {
  receiver: SlackAppOptions['receiver'];
  /** Resolves with the reason when Slack no longer lets the bot connect. */
  lost: Promise<string>;
  open(): Promise<number>;
  /** Receives Slack's requests from now on, or keeps trying to; rejects if Slack refuses to let the bot connect. */
  receive(): Promise<void>;
  /** Resolves once Slack's requests can reach the bot. */
  connected: Promise<void>;
  /** State of the connection to Slack; Socket Mode only. */
  socket?: SocketReceiver['health'];
  close(): Promise<void>;
};

export type TransportsOptions = {
  environment: Environment;
  health: RequestListener;
  log: Log;
  metrics: Pick<Metrics, 'counted'>;
  behindProxy: boolean;
  clock: () => number;
};

/** How Slack's requests come in, and health checks and metrics: on the same port, or on one of their own. */
export function transportsFor(options: TransportsOptions): Transports {
  const { environment, health } = options;
  const { metricsPort, host } = environment;
  if (metricsPort === undefined) return slackTransports(options);
  const transports = slackTransports({ ...options, health: aliveAnswers });
  const server = createServer(health);
  return {
    ...transports,
    async open() {
      if (!server.listening) await listen(server, metricsPort, host);
      return transports.open();
    },
    async close() {
      await transports.close();
      closeNow(server);
    },
  };
}

function slackTransports({ environment, health, ...rest }: TransportsOptions): Transports {
  const { mode, port, host, slackApiUrl } = environment;
  if (mode.kind === 'http') {
    const { signingSecret } = mode;
    const receiver = new HttpReceiver({ signingSecret, port, host, otherRequests: health, log: rest.log });
    const lost = Promise.withResolvers<string>().promise;
    return {
      receiver,
      lost,
      open: () => receiver.start(),
      receive: async () => undefined,
      connected: Promise.resolve(),
      close: () => receiver.stop(),
    };
  }
  const socket = createSocketReceiver({ ...rest, appToken: mode.appToken, apiUrl: slackApiUrl });
  const server = createServer(health);
  return {
    receiver: socket.receiver,
    lost: socket.refused.then(({ message }) => message),
    open: () => listen(server, port, host),
    receive: socket.start,
    connected: socket.connected,
    socket: socket.health,
    async close() {
      await socket.stop();
      closeNow(server);
    },
  };
}

function closeNow(server: Server): void {
  server.close();
  server.closeAllConnections();
}

export type HealthOptions = {
  /** Why the bot is not ready, in words; empty when it is. It must not wait for anyone. */
  notReadyBecause: () => string[];
  metrics: { contentType: string; text(): Promise<string> };
};

type Answer = { status: number; type: string; body: string };

type Pages = Record<string, () => Answer | Promise<Answer>>;

const alive: Pages = { '/healthz': () => json(200, { status: 'ok' }) };

/** Answers only `GET /healthz`: the process is alive. */
const aliveAnswers: RequestListener = answersOf(alive);

/** Also answers `GET /readyz` (200, or 503 with the reasons) and `GET /metrics` for Prometheus. */
export function healthAnswers({ notReadyBecause, metrics }: HealthOptions): RequestListener {
  return answersOf({
    ...alive,
    '/readyz': () => {
      const because = notReadyBecause();
      return because.length === 0
        ? json(200, { status: 'ready' })
        : json(503, { status: 'not ready', because });
    },
    '/metrics': async () => ({ status: 200, type: metrics.contentType, body: await metrics.text() }),
  });
}

function answersOf(pages: Pages): RequestListener {
  return (request, response) => {
    request.resume();
    const page = pages[(request.url ?? '/').replace(/\?.*$/, '')];
    if (!page) return end(response, json(404));
    if (request.method !== 'GET' && request.method !== 'HEAD') return end(response, json(405));
    Promise.resolve(page()).then(
      (answer) => end(response, answer),
      () => end(response, json(500)),
    );
  };
}

function json(status: number, value?: unknown): Answer {
  return { status, type: 'application/json', body: value === undefined ? '' : `${JSON.stringify(value)}\n` };
}

function end(response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(body);
}
