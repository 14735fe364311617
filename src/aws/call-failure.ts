import type { CallAnswer } from '../operations/actions/redrives.ts';
import { type Attempt, awsErrorFrom } from './aws-error-from.ts';

/** The SDK's codes for answers without a code from AWS: a proxy's page, an empty body. */
const noCode = /^(|Error|Unknown|UnknownError|SyntaxError|TimeoutError|AbortError|HTTP \d+)$/;

/** For a cancel: the task has ended, or SQS no longer lists it. */
const goneTask = /(ResourceNotFound|InvalidParameterValue)(Exception)?$/;

/** Only AWS can reject a call, with a 4xx and a code. After any other failure it may have happened. */
export function callFailure(error: unknown, attempt: Attempt): CallAnswer {
  const awsError = awsErrorFrom(error, attempt);
  const status: unknown = Object(Object(error)['$metadata'])['httpStatusCode'];
  const isClientError = typeof status === 'number' && status >= 400 && status < 500;
  if (!isClientError || noCode.test(awsError.code)) return { kind: 'unsure', awsError };
  const isGone = attempt.action === 'sqs:CancelMessageMoveTask' && goneTask.test(awsError.code);
  return { kind: isGone ? 'had-ended' : 'rejected', awsError };
}
