import { once } from 'node:events';
import type { WebSocket } from 'ws';
import { pause } from './http.ts';
import type { Workspace } from './workspace.ts';

const pingEveryMs = 5_000;
const goodbyeMs = 200;

/** The bot's open Socket Mode connections; there may be several, and any one of them gets a request. */
export function createSocketConnections(workspace: Workspace, onMessage: (text: string) => void) {
  const connections = new Set<WebSocket>();
  const pinging = setInterval(() => {
    for (const connection of connections) connection.ping('sandbox');
  }, pingEveryMs).unref();

  function sayHello(connection: WebSocket) {
    const hello = {
      type: 'hello',
      num_connections: connections.size,
      debug_info: { host: 'sandbox', approximate_connection_time: 18_060 },
      connection_info: { app_id: workspace.settings.bot.appId },
    };
    connection.send(JSON.stringify(hello));
  }

  return {
    count: () => connections.size,
    anyOpen(): WebSocket | undefined {
      const open = [...connections].filter((connection) => connection.readyState === connection.OPEN);
      return open[Math.floor(Math.random() * open.length)];
    },
    /** Slack closes this one, or never says hello to it. */
    turnAway(connection: WebSocket, reason: string | undefined) {
      connection.on('error', () => connection.terminate());
      if (reason === undefined) return;
      connection.send(JSON.stringify({ type: 'disconnect', reason }));
      connection.close();
    },
    welcome(connection: WebSocket) {
      connections.add(connection);
      // Every request that waits for its acknowledgement listens for the end of the connection.
      connection.setMaxListeners(0);
      connection.on('message', (data) => onMessage(String(data)));
      connection.on('error', () => connection.terminate());
      connection.on('close', () => {
        connections.delete(connection);
        workspace.changed();
      });
      sayHello(connection);
      workspace.changed();
    },
    /** What Slack does to every connection now and then: it announces it, and closes. */
    refresh() {
      for (const connection of connections) {
        connection.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested' }));
        connection.close();
      }
    },
    /** Sends anything, unchanged, to every connection. */
    send(frame: string | Buffer) {
      for (const connection of connections) connection.send(frame);
    },
    /** The connection goes dead without a close. */
    cut() {
      for (const connection of connections) connection.terminate();
    },
    /** Closes, and waits a moment for the other side to do the same. */
    async stop() {
      clearInterval(pinging);
      const closed = [...connections].map((connection) => {
        connection.close(1_001);
        return once(connection, 'close');
      });
      await Promise.race([Promise.allSettled(closed), pause(goodbyeMs)]);
      for (const connection of connections) connection.terminate();
    },
  };
}
