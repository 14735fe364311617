import { createHmac } from 'node:crypto';
import { request } from 'node:http';

/** The request to the bot, and its response. */
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

/** The headers of Slack's `v0` signature; one made some seconds ago looks stale. */
export function signatureOf(
  { signingSecret, clock }: { signingSecret: string; clock: () => number },
  body: string,
  ageSeconds = 0,
): Record<string, string> {
  const timestamp = Math.floor(clock() / 1_000) - ageSeconds;
  const hash = createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex');
  return { 'x-slack-request-timestamp': String(timestamp), 'x-slack-signature': `v0=${hash}` };
}

/** undefined if the bot did not answer in time; rejects if there is no connection. */
export function ship({ url, body, contentType, headers, timeoutMs }: Shipment): Promise<Receipt | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<Receipt | undefined>();
  const length = String(Buffer.byteLength(body));
  const sent = request(
    url,
    // No keep-alive: a connection to a bot that has restarted since would look like a refusal.
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
