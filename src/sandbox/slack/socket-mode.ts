import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Acknowledgement, DeliveryKind } from './delivery.ts';
import { isRecord, type Json, parseJson, textOf } from './json.ts';
import { randomId, type Workspace } from './workspace.ts';

const envelopeTypes = {
  command: 'slash_commands',
  click: 'interactive',
  shortcut: 'interactive',
  event: 'events_api',
} as const;

const pingEveryMs = 5_000;

export type SocketMode = ReturnType<typeof createSocketMode>;

export function createSocketMode(workspace: Workspace) {
  const { settings } = workspace;
  const server = new WebSocketServer({ noServer: true });
  const tickets = new Set<string>();
  const connections = new Set<WebSocket>();
  const waiting = new Map<string, (body: Json | undefined) => void>();
  const pinging = setInterval(() => {
    for (const connection of connections) connection.ping('sandbox');
  }, pingEveryMs).unref();

  function onMessage(raw: string) {
    const message = parseJson(raw);
    if (!isRecord(message)) return;
    const id = textOf(message['envelope_id']) ?? '';
    const payload = message['payload'];
    const isEmpty = !isRecord(payload) || Object.keys(payload).length === 0;
    waiting.get(id)?.(isEmpty ? undefined : payload);
  }

  function welcome(connection: WebSocket) {
    connections.add(connection);
    connection.on('message', (data) => onMessage(String(data)));
    connection.on('error', () => connection.terminate());
    connection.on('close', () => {
      connections.delete(connection);
      workspace.changed();
    });
    connection.send(
      JSON.stringify({
        type: 'hello',
        num_connections: connections.size,
        debug_info: { host: 'sandbox', approximate_connection_time: 18_060 },
        connection_info: { app_id: settings.bot.appId },
      }),
    );
    workspace.changed();
  }

  async function deliver(kind: DeliveryKind, payload: Json, retry: number): Promise<Acknowledgement> {
    const open = [...connections].filter((connection) => connection.readyState === connection.OPEN);
    const connection = open[Math.floor(Math.random() * open.length)];
    if (!connection) return { ok: false, error: 'dispatch_failed', noRetry: false };
    const id = randomId(16);
    const { promise, resolve } = Promise.withResolvers<Acknowledgement>();
    waiting.set(id, (body) => resolve({ ok: true, body }));
    const timer = setTimeout(
      () => resolve({ ok: false, error: 'operation_timeout', noRetry: false }),
      settings.ackTimeoutMs,
    );
    const hungUp = () => resolve({ ok: false, error: 'dispatch_failed', noRetry: false });
    connection.once('close', hungUp);
    connection.send(
      JSON.stringify({
        envelope_id: id,
        type: envelopeTypes[kind],
        payload,
        accepts_response_payload: kind === 'command',
        ...(kind === 'event' && { retry_attempt: retry, retry_reason: retry > 0 ? 'timeout' : '' }),
      }),
    );
    return promise.finally(() => {
      clearTimeout(timer);
      connection.off('close', hungUp);
      waiting.delete(id);
    });
  }

  return {
    deliver,
    connectionCount: () => connections.size,
    /** A fresh address for one connection. */
    openConnection(): string {
      const ticket = randomId();
      tickets.add(ticket);
      return `${workspace.url().replace('http', 'ws')}/link/?ticket=${ticket}&app_id=${settings.bot.appId}`;
    },
    upgrade(request: IncomingMessage, socket: Duplex, head: Buffer) {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
      const isKnown = pathname === '/link/' && tickets.delete(searchParams.get('ticket') ?? '');
      if (!isKnown) return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      server.handleUpgrade(request, socket, head, welcome);
    },
    /** What Slack does to every connection now and then: it says so, and closes a moment later. */
    refreshConnections() {
      for (const connection of connections) {
        connection.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested' }));
        connection.close();
      }
    },
    /** The line goes dead without a word. */
    cutConnections() {
      for (const connection of connections) connection.terminate();
    },
    stop() {
      clearInterval(pinging);
      for (const connection of connections) connection.terminate();
      server.close();
    },
  };
}
