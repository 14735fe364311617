import { createServer, type RequestListener, type Server } from 'node:http';
import type { Environment } from '../config/environment.ts';
import type { Log } from '../operations/log.ts';
import type { SlackAppOptions } from '../slack/app.ts';
import { boltLogger } from '../slack/bolt-logger.ts';
import { HttpReceiver } from '../slack/http-receiver.ts';
import { createSocketReceiver } from '../slack/socket-receiver.ts';

export type Doors = {
  receiver: SlackAppOptions['receiver'];
  /** Resolves with the reason when Slack lets the bot in no more. */
  lost: Promise<string>;
  /** Opens the port, and resolves with it. */
  open(): Promise<number>;
  /** Takes Slack's requests from now on. */
  receive(): Promise<void>;
  /** Takes nothing new. */
  close(): Promise<void>;
};

/** Slack's door, and the port for health checks and numbers: in HTTP mode they are one. */
export function doorsFor({ mode, port, slackApiUrl }: Environment, health: RequestListener, log: Log): Doors {
  if (mode.kind === 'http') {
    const { signingSecret } = mode;
    const receiver = new HttpReceiver({ signingSecret, port, otherRequests: health, log });
    const lost = Promise.withResolvers<string>().promise;
    return {
      receiver,
      lost,
      open: () => receiver.start(),
      receive: async () => undefined,
      close: () => receiver.stop(),
    };
  }
  const logger = boltLogger(log);
  const socket = createSocketReceiver({ appToken: mode.appToken, apiUrl: slackApiUrl, logger });
  const server = createServer(health);
  return {
    receiver: socket.receiver,
    lost: socket.refused.then(({ message }) => message),
    open: () => listen(server, port),
    receive: () => socket.start(),
    async close() {
      await socket.stop();
      server.close();
      server.closeAllConnections();
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}
