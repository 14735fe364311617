import { SQSClient } from '@aws-sdk/client-sqs';
import type { Session } from './assume-role.ts';
import type { Connections } from './connections.ts';

export type SqsClients = (session: Session, region: string) => SQSClient;

/**
 * One client for each session and region. A client keeps its session for life: the SDK remembers credentials itself,
 * so a client that outlives its session might go on with the old ones. Connections are shared and survive.
 */
export function createSqsClients({ clientConfig }: Connections): SqsClients {
  const clients = new WeakMap<Session, Map<string, SQSClient>>();
  return (session, region) => {
    const ofSession = clients.get(session) ?? new Map<string, SQSClient>();
    clients.set(session, ofSession);
    const client =
      ofSession.get(region) ??
      new SQSClient({
        ...clientConfig,
        region,
        credentials: session.credentials,
        // Otherwise the SDK sends requests to the queue URL's host, past the endpoint it was given.
        useQueueUrlAsEndpoint: false,
      });
    ofSession.set(region, client);
    return client;
  };
}
