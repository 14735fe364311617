import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { createServer } from 'node:tls';

/** Terminates TLS in front of a local server that speaks plain HTTP. */
export async function startTlsFront(plainUrl: string, keys: { key: string; cert: string }) {
  const { port, pathname } = new URL(plainUrl);
  const lines = new Set<{ destroy(): void }>();
  const server = createServer(keys, (line) => {
    const onward = connect(Number(port), '127.0.0.1');
    for (const [one, other] of [
      [line, onward],
      [onward, line],
    ] as const) {
      lines.add(one);
      one.on('error', () => undefined).on('close', () => other.destroy());
      one.pipe(other);
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const host = `localhost:${(server.address() as AddressInfo).port}`;
  return {
    host,
    url: `https://${host}${pathname}`,
    stop() {
      for (const line of lines) line.destroy();
      server.close();
    },
  };
}
