import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** A proxy as companies use it: a tunnel to a host and port, unless it refuses or drops the connection. */
export async function startConnectProxy() {
  const asked: string[] = [];
  const refused = new Set<string>();
  let refusal = 'HTTP/1.1 503 Service Unavailable\r\n\r\n';
  const lines = new Set<Socket>();
  const server = createServer().on('connect', ({ url = '' }, line: Socket) => {
    asked.push(url);
    lines.add(line.on('error', () => undefined));
    if (refused.has(url)) {
      line.write(refusal, () => line.resetAndDestroy());
      return;
    }
    const onward = connect(Number(new URL(`http://${url}`).port), '127.0.0.1');
    onward.on('error', () => undefined).on('close', () => line.destroy());
    line.on('close', () => onward.destroy());
    line.write('HTTP/1.1 200 Connection established\r\n\r\n');
    line.pipe(onward).pipe(line);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** The requested targets, `host:port` each. */
    asked,
    /** Refuses these from now on, with a status or a dropped connection, and closes existing tunnels. */
    refuse(hosts: readonly string[], status = '503 Service Unavailable') {
      refusal = status === '' ? '' : `HTTP/1.1 ${status}\r\n\r\n`;
      refused.clear();
      for (const host of hosts) refused.add(host);
      for (const line of lines) line.destroy();
      lines.clear();
    },
    stop() {
      for (const line of lines) line.destroy();
      server.close();
    },
  };
}
