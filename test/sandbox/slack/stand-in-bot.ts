import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';

export type StandInBot = Awaited<ReturnType<typeof botThatAcknowledges>>;

/** The simplest bot: it records every request and answers all with one status. */
export async function botThatAcknowledges(status = 200, headers: Record<string, string> = {}) {
  const heard: { headers: IncomingHttpHeaders; body: string }[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    heard.push({ headers: request.headers, body });
    response.writeHead(status, headers).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}/slack/events`,
    heard,
    forget: () => heard.splice(0),
    async stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
