import { createHmac } from 'node:crypto';
import { request } from 'node:http';

/** What goes to the bot, and what came back. */
export type Shipment = {
  url: string;
  body: string;
  contentType: string;
  headers: Record<string, string>;
  timeoutMs: number;
};

export type Receipt = {
  status: number;
  contentType: string;
  body: string;
  headers: NodeJS.Dict<string | string[]>;
};

/** Slack's `v0` signature. */
export function sign(secret: string, timestamp: number, body: string): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
}

/** undefined when the bot did not answer in time; rejects when there is no connection. */
export function ship({ url, body, contentType, headers, timeoutMs }: Shipment): Promise<Receipt | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<Receipt | undefined>();
  const length = String(Buffer.byteLength(body));
  const sent = request(
    url,
    // No kept-alive connection: one to a bot that has restarted since would look like a refusal.
    {
      method: 'POST',
      agent: false,
      headers: { 'content-type': contentType, 'content-length': length, ...headers },
    },
    (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          contentType: response.headers['content-type'] ?? '',
          body: Buffer.concat(chunks).toString('utf8'),
          headers: response.headers,
        });
      });
    },
  );
  const timer = setTimeout(() => {
    resolve(undefined);
    sent.destroy();
  }, timeoutMs);
  sent.on('error', reject);
  sent.on('close', () => clearTimeout(timer));
  sent.end(body);
  return promise;
}
