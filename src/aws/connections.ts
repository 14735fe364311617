import { Agent as HttpAgent } from 'node:http';
import { globalAgent, Agent as HttpsAgent } from 'node:https';
import type { SQSClientConfig } from '@aws-sdk/client-sqs';
import { createPatience, type Patience } from './patience.ts';
import type { Timeouts } from './timeouts.ts';

/** What every SDK client is made with: one pool of connections, the same patience, an end to both. */
export type Connections = {
  clientConfig: Required<Pick<SQSClientConfig, 'requestHandler' | 'maxAttempts'>>;
  /** Given up after `ms`, or at once when the connections are closed. */
  patience(ms: number): Patience;
  close(): void;
};

/** A request that waits for a connection counts as one that cannot connect, so a slow AWS must not fill the pool. */
const connectionsToOneHost = 200;

export function createConnections(timeouts: Timeouts): Connections {
  // Through a proxy when Node is told to (NODE_USE_ENV_PROXY), as for Slack.
  const { proxyEnv } = globalAgent.options;
  const agentOptions = { keepAlive: true, maxSockets: connectionsToOneHost, proxyEnv };
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
    patience: (ms) => createPatience(ms, closing.signal),
    close() {
      closing.abort(new DOMException('The bot is stopping.', 'AbortError'));
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}
