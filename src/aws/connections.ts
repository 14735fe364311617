import { Agent as HttpAgent } from 'node:http';
import { globalAgent, Agent as HttpsAgent } from 'node:https';
import type { SQSClientConfig } from '@aws-sdk/client-sqs';
import { createTimeLimit, type WithTimeLimit } from './time-limit.ts';

/**
 * Timeouts for AWS in milliseconds. If AWS takes 10 s for every request, a poll still succeeds, even if the session has
 * ended early and it needs three requests.
 */
export type Timeouts = {
  connect: number;
  /** For one HTTP request, including the wait for a free connection. */
  request: number;
  /** For AssumeRole with the SDK's retries; shorter than `call`, so that its own error is reported. */
  assumeRole: number;
  /** For a whole call, including AssumeRole and retries. */
  call: number;
};

export const defaultTimeouts: Timeouts = {
  connect: 3_000,
  request: 20_000,
  assumeRole: 25_000,
  call: 35_000,
};

type ClientConfig = Required<Pick<SQSClientConfig, 'requestHandler'>>;

/**
 * The configuration shared by all SDK clients: one connection pool, the same timeouts, one shutdown. Everything else
 * comes from the SDK and its variables: endpoints, retries, regions, credentials.
 */
export type Connections = {
  clientConfig: ClientConfig;
  /** For a function's calls in its own region and account, which are answered within milliseconds. */
  asItself: ClientConfig;
  /** Times out after `ms`, or at once when the connections are closed. */
  withTimeLimit(ms: number): WithTimeLimit;
  close(): void;
};

/**
 * When a proxy refuses a connection, Node (24.21) leaves the socket open without an error listener: as soon as the proxy
 * resets it, the process crashes. `lib/https.js` expects the request to destroy the socket, but `lib/_http_agent.js`
 * drops it before the request has it. A related bug in the same place: https://github.com/nodejs/node/issues/60697.
 * Remove this when the test behind a refusing proxy passes without it.
 */
class RefusableAgent extends HttpsAgent {
  override createConnection(...[options, done]: Parameters<HttpsAgent['createConnection']>) {
    return super.createConnection(options, (error, line) => {
      if (error) line?.on('error', () => undefined).destroy();
      done?.(error, line);
    });
  }
}

/** A request that waits for a free connection counts as unable to connect, so a slow AWS must not fill the pool. */
const connectionsToOneHost = 200;

/** For Lambda, DynamoDB, and Parameter Store. */
const nearby = { connect: 2_000, request: 10_000 };

export function createConnections(timeouts: Timeouts): Connections {
  const agentOptions = {
    keepAlive: true,
    maxSockets: connectionsToOneHost,
    // Uses a proxy if NODE_USE_ENV_PROXY says so, as for Slack.
    proxyEnv: globalAgent.options.proxyEnv,
    // Closes the connection to a proxy that never answers; no request is silent for longer.
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
    withTimeLimit: (ms) => createTimeLimit(ms, closing.signal),
    close() {
      closing.abort(new DOMException('The bot is stopping.', 'AbortError'));
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}
