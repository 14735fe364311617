import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The name of the service that a request is signed for. */
export function serviceOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  return /\/([a-z]+)\/aws4_request/.exec(headers.authorization ?? '')?.[1] ?? '';
}

export function passOn(request: IncomingMessage, response: ServerResponse, to: string): void {
  const { method, headers } = request;
  const sent = send(new URL(request.url ?? '/', to), { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  sent.on('error', () => response.destroy());
  request.pipe(sent);
}

/** All of AWS at one address, as AWS_ENDPOINT_URL sets it; passes each request on to its service. */
export async function startOneAws(urls: Readonly<Record<string, string>>) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const service = serviceOf(request);
    asked.push(service);
    const url = urls[service];
    if (url === undefined) response.destroy();
    else passOn(request, response, url);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** The service of each request, in their order. */
    asked,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
