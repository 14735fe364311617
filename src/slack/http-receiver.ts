/**
 * Why not Bolt's receiver: the port has to be open, and say why the bot is not ready, before there is an app and after it
 * has ended; and strangers are to be refused before their bodies are read and held. Bolt's also dies of a signed body of
 * `null` and refuses a content type that names its charset.
 */
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { type App, HTTPModuleFunctions, type Receiver, type ReceiverEvent } from '@slack/bolt';
import type { Log } from '../operations/log.ts';
import { readBody } from './read-body.ts';
import { isSignedBySlack } from './signature.ts';
import { type SlackBody, slackBodyOf } from './slack-body.ts';

export type HttpReceiverOptions = {
  signingSecret: string;
  port: number;
  /** Answers every path but Slack's. */
  otherRequests: RequestListener;
  log: Log;
};

const slackPath = '/slack/events';
/** Slack's own payloads are far smaller. */
const bodyLimit = 2 * 1024 * 1024;
const maxAgeSeconds = 5 * 60;
/** Slack itself waits no longer for an answer. */
const lastWordsMs = 3_000;
/** Longer than a load balancer keeps a connection idle: one that was closed here first would cost it a request. */
const idleConnectionMs = 75_000;

/** Slack's requests over HTTP. */
export class HttpReceiver implements Receiver {
  readonly #options: HttpReceiverOptions;
  readonly #server: Server;
  #app: App | undefined;

  constructor(options: HttpReceiverOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => {
      if (pathOf(request) !== slackPath) return options.otherRequests(request, response);
      if (request.method !== 'POST') return end(response, 405);
      this.#receive(request, response).catch((error: unknown) => {
        options.log.error({ error: String(error) }, 'a request from Slack could not be handled');
        end(response, 500);
      });
    });
    this.#server.keepAliveTimeout = idleConnectionMs;
  }

  init(app: App): void {
    this.#app = app;
  }

  /** Resolves with the port it listens on; rejects when the port is taken. */
  start(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#options.port, () => {
        this.#server.off('error', reject);
        resolve((this.#server.address() as AddressInfo).port);
      });
    });
  }

  /** Takes nothing new; a connection that stays open without a request is cut. */
  stop(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const cut = setTimeout(() => this.#server.closeAllConnections(), lastWordsMs);
    this.#server.close(() => resolve());
    this.#server.closeIdleConnections();
    return promise.finally(() => clearTimeout(cut));
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // The port is open before the bot is: for whoever asks whether it is ready.
    if (!this.#app) return end(response, 503);
    const raw = await readBody(request, bodyLimit);
    if (raw === undefined) return this.#refuse(response, 413);
    if (!this.#isSigned(raw, request)) {
      return isSslCheck(raw) ? end(response, 200) : this.#refuse(response, 401);
    }
    const body = slackBodyOf(raw, request.headers['content-type'] ?? '');
    if (!body) return end(response, 400);
    if (body['ssl_check'] === '1') return end(response, 200);
    if (body['type'] === 'url_verification') return end(response, 200, { challenge: body['challenge'] });
    await this.#app.processEvent(eventOf(body, request, response));
    if (!response.writableEnded) end(response, 404);
  }

  #isSigned(body: string, { headers }: IncomingMessage): boolean {
    const { 'x-slack-signature': signature, 'x-slack-request-timestamp': signedAt } = headers;
    if (typeof signature !== 'string' || typeof signedAt !== 'string') return false;
    const given = { 'x-slack-signature': signature, 'x-slack-request-timestamp': signedAt };
    const { signingSecret } = this.#options;
    const rule = { signingSecret, now: Date.now(), maxAgeSeconds };
    return isSignedBySlack({ body, headers: given }, rule);
  }

  #refuse(response: ServerResponse, status: number): void {
    this.#options.log.warn({ status }, 'a request was refused: too large, unsigned, wrongly signed or stale');
    end(response, status);
  }
}

/** Slack does not sign this one, and nothing but its answer comes of it. */
function isSslCheck(raw: string): boolean {
  return /(?:^|&)ssl_check=1(?:&|$)/.test(raw);
}

function pathOf({ url = '/' }: IncomingMessage): string {
  return url.replace(/[?#].*$/, '');
}

function eventOf(body: SlackBody, request: IncomingMessage, response: ServerResponse): ReceiverEvent {
  const retryNum = HTTPModuleFunctions.extractRetryNumFromHTTPRequest(request);
  const retryReason = HTTPModuleFunctions.extractRetryReasonFromHTTPRequest(request);
  return {
    body,
    ack: async (answer) => end(response, 200, answer),
    ...(retryNum !== undefined && { retryNum }),
    ...(retryReason !== undefined && { retryReason }),
  };
}

/** Answers once; a second answer, or one to a line that is gone, is passed over. */
function end(response: ServerResponse, status: number, answer?: unknown): void {
  if (response.headersSent || response.destroyed) return;
  const isText = typeof answer === 'string';
  const type = isText ? 'text/plain; charset=utf-8' : 'application/json';
  response.writeHead(status, answer ? { 'content-type': type } : {});
  response.end(answer ? (isText ? answer : JSON.stringify(answer)) : undefined);
}
