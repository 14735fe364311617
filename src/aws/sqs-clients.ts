import { SQSClient } from '@aws-sdk/client-sqs';
import type { Session } from './assume-role.ts';
import type { Connections } from './connections.ts';

/** Delays requests to limit their rate. Each of the SDK's retries is a request of its own. */
export type Pace = <T>(request: () => Promise<T>) => Promise<T>;

/** The key for clients that use the bot's own credentials. */
const ownCredentials = {};

/**
 * SQS clients of the AWS SDK: one per session and region; without a session the bot's own credentials are used. A client has the same session for life: the SDK caches
 * credentials, so a client that outlives its session might keep using old ones. Connections are shared and
 * survive.
 */
export function createSqsClients({ clientConfig }: Connections, pace?: Pace) {
  const clients = new WeakMap<object, Map<string, SQSClient>>();
  const clientOf = (session: Session | undefined, region: string) => {
    const client = new SQSClient({
      ...clientConfig,
      region,
      ...(session && { credentials: session.credentials }),
      // Otherwise the SDK sends requests to the queue URL's host instead of the configured endpoint.
      useQueueUrlAsEndpoint: false,
    });
    if (pace) {
      client.middlewareStack.add((next) => (args) => pace(() => next(args)), {
        // Below the retries.
        step: 'finalizeRequest',
        priority: 'low',
      });
    }
    return client;
  };
  return (session: Session | undefined, region: string): SQSClient => {
    const ofSession = clients.get(session ?? ownCredentials) ?? new Map<string, SQSClient>();
    clients.set(session ?? ownCredentials, ofSession);
    const client = ofSession.get(region) ?? clientOf(session, region);
    ofSession.set(region, client);
    return client;
  };
}
