import type { Logger } from '@slack/bolt';
import { SocketModeClient, type SocketModeOptions } from '@slack/socket-mode';
import * as z from 'zod';
import { atDebugLevel } from './slack-client.ts';
import { type SlackFailure, slackFailureFrom } from './slack-failure.ts';
import { createSocketDispatcher } from './socket-dispatcher.ts';

export type SocketRequest = {
  ack: (response?: unknown) => Promise<void>;
  body: Record<string, unknown>;
  retry_num?: number;
};

export type ConnectionOptions = {
  appToken: string;
  apiUrl: string;
  logger: Logger;
  behindProxy: boolean;
  signal: AbortSignal;
  onHello: () => void;
  onRequest: (request: SocketRequest) => void;
  /** A message that does not match Slack's documentation, and why; it is ignored. */
  onInvalidFrame: (why: string) => void;
};

export type ConnectionEnd = { failure: SlackFailure } | { why: string };

const callTimeoutMs = 10_000;
const helloWithinMs = 15_000;
/** How long the other side may take to close the connection when the bot stops. */
const goodbyeMs = 1_000;

/** Handles one connection to Slack from its opening to its end, and says why it ended. It never rejects. */
export async function holdConnection(options: ConnectionOptions): Promise<ConnectionEnd> {
  const { signal, onHello, onRequest } = options;
  const way = createSocketDispatcher(options);
  const client = new SingleConnectionClient({ ...options, dispatcher: way.dispatcher });
  const over = new Promise<void>((resolve) => client.once('disconnected', () => resolve()));
  let late: NodeJS.Timeout | undefined;
  let why: string | undefined;
  const leave = () => {
    void client.disconnect();
    setTimeout(way.destroy, goodbyeMs).unref();
  };
  const onLate = () => {
    why = 'no hello';
    leave();
  };
  client.once('connecting', () => {
    late = setTimeout(onLate, helloWithinMs);
  });
  client.once('connected', () => {
    clearTimeout(late);
    onHello();
  });
  client.on('slack_event', onRequest);
  signal.addEventListener('abort', leave, { once: true });
  try {
    // Rejects with undefined if the connection ends before Slack's hello.
    const error: unknown = await client.start().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (error !== undefined) return { failure: slackFailureFrom(error) };
    await over;
    return { why: client.goodbye ?? why ?? way.trouble() ?? 'connection closed' };
  } finally {
    clearTimeout(late);
    signal.removeEventListener('abort', leave);
    way.destroy();
  }
}

/**
 * Slack's client, limited to one connection. By itself it would reconnect without a pause while sockets are
 * refused, and give up forever with an unhandled rejection when the network is down.
 */
class SingleConnectionClient extends SocketModeClient {
  /** The reason that Slack gave for ending it. */
  goodbye: string | undefined;
  readonly #onInvalidFrame: (why: string) => void;

  constructor(options: ConnectionOptions & Pick<SocketModeOptions, 'dispatcher'>) {
    const { appToken, apiUrl, logger, signal, dispatcher, onInvalidFrame } = options;
    super({
      appToken,
      autoReconnectEnabled: false,
      logger: atDebugLevel(logger),
      ...(dispatcher && { dispatcher }),
      clientOptions: {
        slackApiUrl: apiUrl,
        allowAbsoluteUrls: false,
        timeout: callTimeoutMs,
        rejectRateLimitedCalls: true,
        retryConfig: { retries: 0 },
        fetch: (url, init) =>
          fetch(url, { ...init, signal: init?.signal ? AbortSignal.any([init.signal, signal]) : signal }),
      },
    });
    this.#onInvalidFrame = onInvalidFrame;
  }

  /** An undocumented message would cause an unhandled rejection, or be taken for an event of the client itself. */
  protected override async onWebSocketMessage(
    ...[data, isBinary]: Parameters<SocketModeClient['onWebSocketMessage']>
  ) {
    const read = readSocketFrame(data, isBinary);
    if (!read.ok) return this.#onInvalidFrame(read.why);
    const { frame } = read;
    if (frame.type === 'events_api' && this.listenerCount(frame.payload.event.type) > 0) {
      return this.#onInvalidFrame('reserved event name');
    }
    if (frame.type === 'disconnect') this.goodbye = frame.reason ?? 'disconnect';
    await super.onWebSocketMessage(data, isBinary);
  }
}

const envelope_id = z.string().min(1);

/** The documented socket messages; unknown fields are fine. */
const Frame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello') }),
  z.object({ type: z.literal('disconnect'), reason: z.string().optional() }),
  z.object({
    type: z.enum(['slash_commands', 'interactive']),
    envelope_id,
    payload: z.record(z.string(), z.unknown()),
  }),
  z.object({
    type: z.literal('events_api'),
    envelope_id,
    payload: z.object({ event: z.object({ type: z.string().min(1) }) }),
  }),
]);

export type SocketFrame = { ok: true; frame: z.infer<typeof Frame> } | { ok: false; why: string };

/** Reads one message of the socket. `why` repeats none of its content, which may be secret. */
export function readSocketFrame(data: unknown, isBinary: boolean): SocketFrame {
  if (isBinary || typeof data !== 'string') return { ok: false, why: 'binary message' };
  const read = z.safeParse(Frame, parsed(data));
  if (read.success) return { ok: true, frame: read.data };
  const [issue] = read.error.issues;
  const where = issue?.path.join('.');
  return { ok: false, why: where ? `invalid ${where}` : 'not a JSON object' };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
