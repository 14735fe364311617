import {
  GetQueueAttributesCommand,
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
  ListQueuesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { dnsSuffixOf } from '../domain/partitions.ts';
import type { QueueArn } from '../domain/queue.ts';
import type { Session } from './assume-role.ts';
import type { Connections } from './connections.ts';
import type { depthAttributes } from './read-answers.ts';

type AskedAttribute = (typeof depthAttributes)[number] | 'RedrivePolicy';

export type SqsInputs = {
  ListMessageMoveTasks: { SourceArn: string; MaxResults: number };
  GetQueueAttributes: { QueueUrl: string; AttributeNames: AskedAttribute[] };
  ListDeadLetterSourceQueues: { QueueUrl: string; MaxResults?: number; NextToken?: string };
  ListQueues: { MaxResults: number; NextToken?: string };
};
export type SqsOperation = keyof SqsInputs;

/** SQS for one session in one region. Rejects with what `awsErrorFrom` reads; answers are not validated. */
type Sqs = <O extends SqsOperation>(
  operation: O,
  input: SqsInputs[O],
  abortSignal: AbortSignal,
) => Promise<object>;

/** Without a session the bot asks with its own credentials. */
export type SqsOf = (session: Session | undefined, region: string) => Sqs;

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

/** The queue's URL at AWS. It only names the queue: the request goes to SQS's endpoint. */
export function queueUrl({ partition, region, accountId, name }: QueueArn): string {
  return `https://sqs.${region}.${dnsSuffixOf(partition)}/${accountId}/${name}`;
}
