import { Agent as HttpAgent } from 'node:http';
import { globalAgent, Agent as HttpsAgent } from 'node:https';
import type { SQSClientConfig } from '@aws-sdk/client-sqs';
import { createPatience, type Patience } from './patience.ts';
import type { Timeouts } from './timeouts.ts';

type ClientConfig = Required<Pick<SQSClientConfig, 'requestHandler'>>;

/**
 * What every SDK client is made with: one pool of connections, the same patience, an end to both. All else is the
 * SDK's own, and its variables': endpoints, retries, regions, credentials.
 */
export type Connections = {
  clientConfig: ClientConfig;
  /** For what a function asks as itself in its own region, and is answered within milliseconds. */
  asItself: ClientConfig;
  /** Given up after `ms`, or at once when the connections are closed. */
  patience(ms: number): Patience;
  close(): void;
};

/**
 * When a proxy refuses, Node (24.21) leaves the line to it open with nobody listening for errors: as soon as the proxy
 * breaks that line, the process ends. `lib/https.js` leaves it to the request to destroy that line, and
 * `lib/_http_agent.js` drops it before the request has it. Upstream, the same place, and its error told twice before:
 * https://github.com/nodejs/node/issues/60697. It can go when the test behind a refusing proxy passes without it.
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

/** Lambda, DynamoDB and the Parameter Store; a checkpoint waits for Lambda's disks. */
const nearby = { connect: 2_000, request: 10_000 };

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
  const within = ({ connect, request }: Pick<Timeouts, 'connect' | 'request'>): ClientConfig => ({
    requestHandler: {
      httpAgent,
      httpsAgent,
      connectionTimeout: connect,
      requestTimeout: request,
      throwOnRequestTimeout: true,
    },
  });
  const closing = new AbortController();
  return {
    clientConfig: within(timeouts),
    asItself: within(nearby),
    patience: (ms) => createPatience(ms, closing.signal),
    close() {
      closing.abort(new DOMException('The bot is stopping.', 'AbortError'));
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}
