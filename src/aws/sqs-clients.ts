import {
  GetQueueAttributesCommand,
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
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
};

/**
 * SQS over the AWS SDK: one client for each session and region. A client keeps its session for life: the SDK remembers
 * credentials itself, so a client that outlives its session might go on with the old ones. Connections are shared and
 * survive.
 */
export function createSqsClients({ clientConfig }: Connections): SqsOf {
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
    return (operation, input, abortSignal) => asking[operation](client, input, { abortSignal });
  };
}
