import type { Session } from './assume-role.ts';
import type { depthAttributes } from './depth.ts';

type AskedAttribute = (typeof depthAttributes)[number] | 'RedrivePolicy';

/** What SQS is asked. */
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
