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

/**
 * When a proxy refuses, Node (24.21) leaves the line to it open with nobody listening for errors: as soon as the proxy
 * breaks that line, the process ends.
 */
class RefusableAgent extends HttpsAgent {
  override createConnection(...[options, done]: Parameters<HttpsAgent['createConnection']>) {
    return super.createConnection(options, (error, line) => {
      if (error) line?.on('error', () => undefined).destroy();
      done?.(error, line);
    });
  }
}

/** A request that waits for a connection counts as one that cannot connect, so a slow AWS must not fill the pool. */
const connectionsToOneHost = 200;

export function createConnections(timeouts: Timeouts): Connections {
  const agentOptions = {
    keepAlive: true,
    maxSockets: connectionsToOneHost,
    // Through a proxy when Node is told to (NODE_USE_ENV_PROXY), as for Slack.
    proxyEnv: globalAgent.options.proxyEnv,
    // Ends the line to a proxy that never answers; no request waits longer in silence.
    timeout: timeouts.request,
  };
  const httpAgent = new HttpAgent(agentOptions);
  const httpsAgent = new RefusableAgent(agentOptions);
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
