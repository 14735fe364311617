import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export type LoopbackServer = { url: string; port: number; stop(): Promise<void> };
export type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** A server that only this machine can reach. Port 0 chooses a free one. */
export async function startLoopbackServer(handle: Handle, port: number): Promise<LoopbackServer> {
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500);
      response.end(String(error));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
