import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Acknowledgement, DeliveryKind } from './delivery.ts';
import { isRecord, type Json, parseJson, textOf } from './json.ts';
import { createSocketConnections } from './socket-connections.ts';
import { randomId, type Workspace } from './workspace.ts';

const envelopeTypes = {
  command: 'slash_commands',
  click: 'interactive',
  search: 'interactive',
  shortcut: 'interactive',
  submission: 'interactive',
  closing: 'interactive',
  event: 'events_api',
} as const;

export type SocketMode = ReturnType<typeof createSocketMode>;

export function createSocketMode(workspace: Workspace) {
  const { settings } = workspace;
  const server = new WebSocketServer({ noServer: true });
  const tickets = new Set<string>();
  let address: string | undefined;
  const waiting = new Map<string, (body: Json | undefined) => void>();
  const connections = createSocketConnections(workspace, (text) => {
    const message = parseJson(text);
    if (isRecord(message)) waiting.get(textOf(message['envelope_id']) ?? '')?.(payloadOf(message));
  });

  async function deliver(kind: DeliveryKind, payload: Json, retry: number): Promise<Acknowledgement> {
    const connection = connections.anyOpen();
    if (!connection) return failed('dispatch_failed');
    const id = randomId(16);
    const { promise, resolve } = Promise.withResolvers<Acknowledgement>();
    const onClose = () => resolve(failed('dispatch_failed'));
    const timer = setTimeout(() => resolve(failed('operation_timeout')), settings.ackTimeoutMs);
    waiting.set(id, (body) => resolve({ ok: true, body }));
    connection.once('close', onClose);
    connection.send(JSON.stringify(envelope(id, kind, payload, retry)));
    return promise.finally(() => {
      clearTimeout(timer);
      connection.off('close', onClose);
      waiting.delete(id);
    });
  }

  return {
    deliver,
    connections,
    /** Connections should go there, to a proxy in front of this Slack. */
    setAddress(url: string) {
      address = new URL(url).origin;
    },
    /** A new address for one connection. */
    openConnection(): string {
      const ticket = randomId();
      tickets.add(ticket);
      return `${(address ?? workspace.url()).replace('http', 'ws')}/link/?ticket=${ticket}&app_id=${settings.bot.appId}`;
    },
    upgrade(request: IncomingMessage, socket: Duplex, head: Buffer) {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
      const isKnown = pathname === '/link/' && tickets.delete(searchParams.get('ticket') ?? '');
      if (!isKnown) return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      const fault = workspace.faults.strike(
        ['server-error', 'error', 'reset', 'slow'],
        'socket',
        {},
        ({ method }) => method === 'socket',
      );
      if (fault?.kind === 'reset') return void socket.destroy();
      if (fault?.kind === 'server-error')
        return void socket.end(`HTTP/1.1 ${fault.status ?? 500} Refused\r\n\r\n`);
      server.handleUpgrade(request, socket, head, (connection) => {
        if (fault) connections.turnAway(connection, fault.kind === 'error' ? fault.error : undefined);
        else connections.welcome(connection);
      });
    },
    async stop() {
      await connections.stop();
      server.close();
    },
  };
}

function failed(error: 'dispatch_failed' | 'operation_timeout'): Acknowledgement {
  return { ok: false, error, noRetry: false };
}

function envelope(id: string, kind: DeliveryKind, payload: Json, retry: number): Json {
  const attempt = { retry_attempt: retry, retry_reason: retry > 0 ? 'timeout' : '' };
  return {
    envelope_id: id,
    type: envelopeTypes[kind],
    payload,
    accepts_response_payload: ['command', 'search', 'submission'].includes(kind),
    ...(kind === 'event' && attempt),
  };
}

/** An acknowledgement may be empty, which has several spellings. */
function payloadOf(message: Json): Json | undefined {
  const payload = message['payload'];
  if (typeof payload === 'string' && payload !== '') return { text: payload };
  return isRecord(payload) && Object.keys(payload).length > 0 ? payload : undefined;
}
