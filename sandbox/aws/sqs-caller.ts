import { placeOf } from './queue-place.ts';
import type { LocalSession } from './sessions.ts';

export type Params = Record<string, unknown>;

/** Any request about a queue; the field that names the queue is added. Rejects if it is refused. */
export type SqsCall = (queueArn: string, action: string, params?: Params) => Promise<Params>;

/** Requests of the sandbox itself, through the same gateway as all others. */
export function createSqsCaller(sqsUrl: string, sessionFor: (accountId: string) => LocalSession): SqsCall {
  return async (queueArn, action, params = {}) => {
    const { accountId, region } = placeOf(queueArn);
    const { accessKeyId } = sessionFor(accountId);
    const response = await fetch(sqsUrl, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `AmazonSQS.${action}`,
        authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20000101/${region}/sqs/aws4_request`,
      },
      body: JSON.stringify({ ...naming(sqsUrl, queueArn, action), ...params }),
    });
    const answer = await response.text();
    if (!response.ok) throw new Error(`${action} of ${queueArn}: ${answer}`);
    const parsed: unknown = JSON.parse(answer || '{}');
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  };
}

function naming(sqsUrl: string, queueArn: string, action: string): Params {
  const { accountId, name } = placeOf(queueArn);
  if (action === 'CreateQueue') return { QueueName: name };
  if (/MessageMoveTasks?$/.test(action)) return { SourceArn: queueArn };
  return { QueueUrl: `${sqsUrl}/${accountId}/${name}` };
}
