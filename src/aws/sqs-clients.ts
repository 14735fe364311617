import {
  GetQueueAttributesCommand,
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
  ListQueuesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { Session } from './assume-role.ts';
import type { Connections } from './connections.ts';
import type { SqsInputs, SqsOf, SqsOperation } from './sqs.ts';

type Asking<O extends SqsOperation> = (
  client: SQSClient,
  input: SqsInputs[O],
  options: { abortSignal: AbortSignal },
) => Promise<object>;

const asking: { [O in SqsOperation]: Asking<O> } = {
  ListMessageMoveTasks: (client, input, options) =>
    client.send(new ListMessageMoveTasksCommand(input), options),
  GetQueueAttributes: (client, input, options) => client.send(new GetQueueAttributesCommand(input), options),
  ListDeadLetterSourceQueues: (client, input, options) =>
    client.send(new ListDeadLetterSourceQueuesCommand(input), options),
  ListQueues: (client, input, options) => client.send(new ListQueuesCommand(input), options),
};

/** Delays requests to limit their rate. Each of the SDK's retries is a request of its own. */
export type Pace = <T>(request: () => Promise<T>) => Promise<T>;

/** The key for clients that use the bot's own credentials. */
const ownCredentials = {};

/**
 * SQS clients of the AWS SDK: one per session and region. A client has the same session for life: the SDK caches
 * credentials, so a client that outlives its session might keep using old ones. Connections are shared and
 * survive.
 */
export function createSqsClients({ clientConfig }: Connections, pace?: Pace): SqsOf {
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
  return (session, region) => {
    const ofSession = clients.get(session ?? ownCredentials) ?? new Map<string, SQSClient>();
    clients.set(session ?? ownCredentials, ofSession);
    const client = ofSession.get(region) ?? clientOf(session, region);
    ofSession.set(region, client);
    return (operation, input, abortSignal) => asking[operation](client, input, { abortSignal });
  };
}
