import type { CallAnswer } from '../operations/actions/redrives.ts';
import { type Attempt, awsErrorFrom } from './aws-error-from.ts';

/** What the SDK says where nobody at AWS has given a code: a proxy's page, an empty body. */
const noCode = /^(|Error|Unknown|UnknownError|SyntaxError|TimeoutError|AbortError|HTTP \d+)$/;

/** Of a cancel: the task has ended, or SQS knows it no more. */
const goneTask = /(ResourceNotFound|InvalidParameterValue)(Exception)?$/;

/** Only AWS itself can reject: with a 4xx and a code. Whatever else went wrong, it may have been done. */
export function callFailure(error: unknown, attempt: Attempt): CallAnswer {
  const awsError = awsErrorFrom(error, attempt);
  const status: unknown = Object(Object(error)['$metadata'])['httpStatusCode'];
  const isClientError = typeof status === 'number' && status >= 400 && status < 500;
  if (!isClientError || noCode.test(awsError.code)) return { kind: 'unsure', awsError };
  const isGone = attempt.action === 'sqs:CancelMessageMoveTask' && goneTask.test(awsError.code);
  return { kind: isGone ? 'had-ended' : 'rejected', awsError };
}
