import { type Receipt, ship, signatureOf } from './deliver-over-http.ts';
import { pause } from './http.ts';
import { isRecord, type Json, parseJson } from './json.ts';
import type { PageActionResult } from './page-contract.ts';
import type { RecentList } from './recent-list.ts';
import { Refusal } from './refusal.ts';
import type { SocketMode } from './socket-mode.ts';
import type { Workspace } from './workspace.ts';

export type DeliveryKind = 'command' | 'click' | 'search' | 'shortcut' | 'submission' | 'closing' | 'event';

/** One request to the bot, or one repetition of an event. */
export type Delivery = {
  kind: DeliveryKind;
  transport: 'http' | 'socket';
  payload: Json;
  at: number;
  /** 0 on the first try. */
  retry: number;
  /** The HTTP status of the acknowledgement. */
  status?: number;
  /** Real milliseconds until the acknowledgement; absent if there was none. */
  ackMs?: number;
  error?: 'operation_timeout' | 'dispatch_failed';
};

export type Acknowledgement =
  | { ok: true; body: Json | undefined }
  | { ok: false; error: 'operation_timeout' | 'dispatch_failed'; noRetry: boolean };

export type Dispatcher = ReturnType<typeof createDispatcher>;

type Parts = { workspace: Workspace; socketMode: SocketMode; deliveries: RecentList<Delivery> };

export function createDispatcher({ workspace, socketMode, deliveries }: Parts) {
  const { settings, faults } = workspace;
  const stopping = new AbortController();
  let requestUrl = settings.requestUrl;
  const transport = () => (requestUrl === undefined && settings.appToken !== undefined ? 'socket' : 'http');

  /** Delivers once and waits for the acknowledgement, as long as Slack does. */
  async function deliver(kind: DeliveryKind, payload: Json, retry = 0): Promise<Acknowledgement> {
    const delivery: Delivery = { kind, transport: transport(), payload, at: settings.clock(), retry };
    deliveries.add(delivery);
    const late = faults.strike(['slow-delivery'], kind, payload);
    if (late) await pause(late.ms);
    const startedAt = performance.now();
    const acknowledged =
      delivery.transport === 'socket'
        ? await socketMode.deliver(kind, payload, retry)
        : await overHttp(kind, payload, delivery);
    if (acknowledged.ok) delivery.ackMs = performance.now() - startedAt;
    else delivery.error = acknowledged.error;
    return acknowledged;
  }

  async function overHttp(kind: DeliveryKind, payload: Json, delivery: Delivery): Promise<Acknowledgement> {
    if (requestUrl === undefined) return { ok: false, error: 'dispatch_failed', noRetry: false };
    const { body, contentType } = encode(kind, payload);
    const headers = { ...signatureOf(settings, body), ...retryHeaders(delivery.retry) };
    try {
      const timeoutMs = settings.ackTimeoutMs;
      const receipt = await ship({ url: requestUrl, body, contentType, headers, timeoutMs });
      if (receipt) delivery.status = receipt.status;
      return acknowledgementIn(receipt);
    } catch {
      return { ok: false, error: 'dispatch_failed', noRetry: false };
    }
  }

  /** An event is repeated until it is acknowledged, on Slack's schedule; commands and clicks never are. */
  async function deliverEvent(payload: Json): Promise<void> {
    for (const [retry, delayMs] of [0, ...settings.eventRetryDelaysMs].entries()) {
      if (retry > 0) await pauseUnlessStopped(delayMs, stopping.signal);
      if (stopping.signal.aborted) return;
      const acknowledged = await deliver('event', payload, retry);
      if (acknowledged.ok || acknowledged.noRetry) return;
    }
  }

  return {
    deliver,
    deliverEvent,
    setRequestUrl(url: string) {
      requestUrl = url;
      workspace.changed();
    },
    requestUrl: () => requestUrl,
    transport,
    stop: () => stopping.abort(),
  };
}

/** Slack shows a warning beside a button or shortcut whose app did not answer. */
export function resultOf(acknowledged: Acknowledgement): PageActionResult {
  if (acknowledged.ok) return { ok: true };
  throw new Refusal(`We had some trouble connecting. Try again? (${acknowledged.error})`);
}

function retryHeaders(retry: number): Record<string, string> {
  return retry > 0 ? { 'x-slack-retry-num': String(retry), 'x-slack-retry-reason': 'http_error' } : {};
}

function encode(kind: DeliveryKind, payload: Json): { body: string; contentType: string } {
  if (kind === 'event') return { body: JSON.stringify(payload), contentType: 'application/json' };
  const form = new URLSearchParams(kind === 'command' ? {} : { payload: JSON.stringify(payload) });
  if (kind === 'command') for (const [name, value] of Object.entries(payload)) form.set(name, String(value));
  return { body: form.toString(), contentType: 'application/x-www-form-urlencoded' };
}

function acknowledgementIn(receipt: Receipt | undefined): Acknowledgement {
  if (!receipt) return { ok: false, error: 'operation_timeout', noRetry: false };
  if (receipt.status < 200 || receipt.status > 299) {
    return { ok: false, error: 'dispatch_failed', noRetry: receipt.headers['x-slack-no-retry'] === '1' };
  }
  const body = parseJson(receipt.body);
  if (isRecord(body)) return { ok: true, body };
  return { ok: true, body: receipt.body.trim() ? { text: receipt.body } : undefined };
}

function pauseUnlessStopped(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  signal.addEventListener('abort', () => resolve(), { once: true });
  return promise.finally(() => clearTimeout(timer));
}
