import type { ServerResponse } from 'node:http';
import type { AwsCall } from './faults.ts';

/** A request as it arrived, for tests to count and read. */
export type AwsRequest = AwsCall & {
  /** Without message and task handles. */
  params: Record<string, unknown>;
  /** SQS only: the queue that it is about, also where only a handle names it. */
  queueArn?: string;
  accessKeyId: string;
  /** The name that the caller's session got when its role was assumed. */
  sessionName?: string | undefined;
  sourceIdentity?: string | undefined;
  /** Epoch milliseconds. */
  at: number;
  /** The answer's status; 0 while there is none, and if the connection was dropped. */
  status: number;
};

const keptAtMost = 5_000;
const secrets = ['TaskHandle', 'ReceiptHandle'];

export function recordRequest(
  requests: AwsRequest[],
  request: Omit<AwsRequest, 'status'>,
  response: ServerResponse,
): void {
  const params = Object.fromEntries(
    Object.entries(request.params).filter(([name]) => !secrets.includes(name)),
  );
  const entry = { ...request, params, status: 0 };
  requests.push(entry);
  if (requests.length > keptAtMost) requests.shift();
  response.once('finish', () => {
    entry.status = response.statusCode;
  });
}
