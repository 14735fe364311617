import type { ServerResponse } from 'node:http';
import type { AwsCall } from './faults.ts';

/** A request as it came, for tests to count and read. */
export type AwsRequest = AwsCall & {
  /** Without message and task handles. */
  params: Record<string, unknown>;
  accessKeyId: string;
  /** Of the session that asks, as it was named when its role was assumed. */
  sessionName?: string | undefined;
  sourceIdentity?: string | undefined;
  /** Epoch milliseconds. */
  at: number;
  /** The answer's status; 0 while there is none, and when the line was dropped. */
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
