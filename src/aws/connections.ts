import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { SQSClientConfig } from '@aws-sdk/client-sqs';
import type { Timeouts } from './timeouts.ts';

/** What every SDK client is made with: one pool of connections, the same patience, an end to both. */
export type Connections = {
  clientConfig: Required<Pick<SQSClientConfig, 'requestHandler' | 'maxAttempts'>>;
  /** Aborts after `ms`, or at once when the connections are closed. */
  patience(ms: number): AbortSignal;
  close(): void;
};

/** A request that waits for a connection counts as one that cannot connect, so a slow AWS must not fill the pool. */
const connectionsToOneHost = 200;

export function createConnections(timeouts: Timeouts): Connections {
  const agentOptions = { keepAlive: true, maxSockets: connectionsToOneHost };
  const httpAgent = new HttpAgent(agentOptions);
  const httpsAgent = new HttpsAgent(agentOptions);
  const closing = new AbortController();
  return {
    clientConfig: {
      maxAttempts: 3,
      requestHandler: {
        httpAgent,
        httpsAgent,
        connectionTimeout: timeouts.connect,
        requestTimeout: timeouts.request,
        throwOnRequestTimeout: true,
      },
    },
    patience: (ms) => AbortSignal.any([closing.signal, AbortSignal.timeout(ms)]),
    close() {
      closing.abort(new DOMException('The bot is stopping.', 'AbortError'));
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}
