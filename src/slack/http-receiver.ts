/**
 * Why not Bolt's receiver: the port must be open and say why the bot is not ready, before there is an app and
 * after it has ended; and requests from strangers must be rejected before their bodies are read and held in
 * memory. Bolt's receiver also crashes on a signed body of `null` and rejects a content type with a charset.
 */
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { type App, HTTPModuleFunctions, type Receiver } from '@slack/bolt';
import type { Log } from '../operations/log.ts';
import { headerFault, type NotFromSlack, signatureFault, slackBodyOf } from './signed-request.ts';

export type HttpReceiverOptions = {
  signingSecret: string;
  port: number;
  /** All addresses of this machine by default. */
  host?: string | undefined;
  /** Answers every path but Slack's. */
  otherRequests: RequestListener;
  log: Log;
  /** The time limit for receiving a whole request; 10 s by default, since Slack sends its requests at once. */
  requestWithinMs?: number;
};

const slackPath = '/slack/events';
/** Slack's payloads are far smaller. */
const bodyLimit = 2 * 1024 * 1024;
/** The limit for all requests that are not verified yet. */
const heldAtMost = 2 * bodyLimit;
/** Slack's certificate check is not signed, and is shorter than this. */
const longestUnsigned = 1_024;
/** Rejected requests that are still being sent are cut off after this. */
const unreadWithinMs = 1_000;
const maxAgeSeconds = 5 * 60;
/** Slack itself waits no longer for an answer. */
const lastWordsMs = 3_000;
/** Longer than a load balancer keeps an idle connection: closing it here first would lose a request. */
const idleConnectionMs = 75_000;

export class HttpReceiver implements Receiver {
  readonly #options: HttpReceiverOptions;
  readonly #server: Server;
  readonly #readBody = createBodyReader({ atMost: bodyLimit, heldAtMost });
  #app: App | undefined;

  constructor(options: HttpReceiverOptions) {
    this.#options = options;
    const { requestWithinMs = 10_000 } = options;
    const limits = { requestTimeout: requestWithinMs, connectionsCheckingInterval: requestWithinMs / 10 };
    this.#server = createServer(limits, (request, response) => {
      if (pathOf(request) !== slackPath) return this.#elsewhere(request, response);
      if (request.method !== 'POST') return end(response, 405);
      this.#receive(request, response).catch((error: unknown) => {
        options.log.error({ error: String(error) }, 'request failed');
        end(response, 500);
      });
    });
    this.#server.keepAliveTimeout = idleConnectionMs;
  }

  init(app: App): void {
    this.#app = app;
  }

  /** Resolves with the port it listens on; rejects if the port is in use. */
  start(): Promise<number> {
    return listen(this.#server, this.#options.port, this.#options.host);
  }

  /** Stops accepting requests and closes idle connections. */
  stop(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const cut = setTimeout(() => this.#server.closeAllConnections(), lastWordsMs);
    this.#server.close(() => resolve());
    this.#server.closeIdleConnections();
    return promise.finally(() => clearTimeout(cut));
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // The port is open before the bot is ready, for readiness checks.
    if (!this.#app) return end(response, 503);
    const { 'content-length': length } = request.headers;
    if (Number(length ?? 0) > bodyLimit) return this.#refuse(request, response, 'too large');
    const rule = { signingSecret: this.#options.signingSecret, now: Date.now(), maxAgeSeconds };
    const unread = headerFault(request.headers, rule);
    // Only Slack's certificate check is read without a signature.
    if (unread && !(Number(length) <= longestUnsigned)) return this.#refuse(request, response, unread);
    const raw = await this.#readBody(request);
    if (raw === undefined) return this.#refuse(request, response, 'too large');
    const fault = signatureFault({ body: raw, headers: request.headers }, rule);
    if (fault) return isSslCheck(raw) ? end(response, 200) : this.#refuse(request, response, fault);
    const body = slackBodyOf(raw, request.headers['content-type'] ?? '');
    if (!body) return end(response, 400);
    if (body['ssl_check'] === '1') return end(response, 200);
    if (body['type'] === 'url_verification') return end(response, 200, { challenge: body['challenge'] });
    const retryNum = HTTPModuleFunctions.extractRetryNumFromHTTPRequest(request);
    await this.#app.processEvent({
      body,
      ack: async (answer) => end(response, 200, answer),
      ...(retryNum !== undefined && { retryNum }),
    });
    if (!response.writableEnded) end(response, 404);
  }

  #refuse(request: IncomingMessage, response: ServerResponse, why: NotFromSlack | 'too large'): void {
    const status = why === 'too large' ? 413 : 401;
    this.#options.log.warn({ status, why }, 'request rejected');
    end(response, status);
    if (request.complete) return;
    request.resume();
    setTimeout(() => request.destroy(), unreadWithinMs).unref();
  }

  #elsewhere(request: IncomingMessage, response: ServerResponse): void {
    const { log, otherRequests } = this.#options;
    if (request.method === 'POST') {
      const facts = { status: 404, path: pathOf(request).slice(0, 100), slackPath };
      log.warn(facts, "POST to an unknown path; check the request URLs in the Slack app's settings");
    }
    otherRequests(request, response);
  }
}

/** Resolves with the port, which is another one than 0. */
export function listen(server: Server, port: number, host: string | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Slack does not sign this request, and answering it has no other effect. */
function isSslCheck(raw: string): boolean {
  return /(?:^|&)ssl_check=1(?:&|$)/.test(raw);
}

function pathOf({ url = '/' }: IncomingMessage): string {
  return url.replace(/[?#].*$/, '');
}

/** Answers once; a second answer, or one to a closed connection, is ignored. */
function end(response: ServerResponse, status: number, answer?: unknown): void {
  if (response.headersSent || response.destroyed) return;
  const isText = typeof answer === 'string';
  const type = isText ? 'text/plain; charset=utf-8' : 'application/json';
  response.writeHead(status, answer ? { 'content-type': type } : {});
  response.end(answer ? (isText ? answer : JSON.stringify(answer)) : undefined);
}

type Reading = { bytes: number; chunks: Buffer[]; giveUp: () => void };

/**
 * Reads bodies from unverified senders, so that strangers can make the process hold no more than a few
 * megabytes: if the total becomes too large, the largest body is dropped. The limits are in bytes.
 */
export function createBodyReader({ atMost, heldAtMost }: { atMost: number; heldAtMost: number }) {
  const readings = new Set<Reading>();
  let held = 0;

  function forget(reading: Reading): void {
    if (!readings.delete(reading)) return;
    held -= reading.bytes;
    reading.chunks = [];
  }

  function makeRoom(): void {
    while (held > heldAtMost) {
      let largest: Reading | undefined;
      for (const one of readings) if (!largest || one.bytes > largest.bytes) largest = one;
      largest?.giveUp();
    }
  }

  /** The whole body as text; undefined if it is too large. Rejects if the connection closes before its end. */
  return function readBody(request: IncomingMessage): Promise<string | undefined> {
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        forget(reading);
        resolve(undefined);
      };
      const reading: Reading = { bytes: 0, chunks: [], giveUp };
      readings.add(reading);
      request.on('data', (chunk: Buffer) => {
        if (!readings.has(reading)) return;
        reading.chunks.push(chunk);
        reading.bytes += chunk.length;
        held += chunk.length;
        if (reading.bytes > atMost) giveUp();
        makeRoom();
      });
      request.once('end', () => {
        resolve(Buffer.concat(reading.chunks).toString('utf8'));
        forget(reading);
      });
      request.once('close', () => {
        forget(reading);
        reject(new Error('the connection closed before the end of the body'));
      });
      request.once('error', reject);
    });
  };
}
