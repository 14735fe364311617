import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

export type HealthOptions = {
  /** Why the bot is not ready, in words; empty when it is. It must not wait for anyone. */
  notReadyBecause: () => string[];
  metrics: { contentType: string; text(): Promise<string> };
};

type Answer = { status: number; type: string; body: string };

type Pages = Record<string, () => Answer | Promise<Answer>>;

const alive: Pages = { '/healthz': () => json(200, { status: 'ok' }) };

/** Answers only `GET /healthz`: the process is alive. */
export const aliveAnswers: RequestListener = answersOf(alive);

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
    const page = pages[pathOf(request)];
    if (!page) return end(response, json(404));
    if (request.method !== 'GET' && request.method !== 'HEAD') return end(response, json(405));
    Promise.resolve(page()).then(
      (answer) => end(response, answer),
      () => end(response, json(500)),
    );
  };
}

function pathOf({ url = '/' }: IncomingMessage): string {
  return url.replace(/\?.*$/, '');
}

function json(status: number, value?: unknown): Answer {
  return { status, type: 'application/json', body: value === undefined ? '' : `${JSON.stringify(value)}\n` };
}

function end(response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(body);
}
