import type { AwsError } from '../domain/aws-error.ts';

/** What AWS said, for the log: everything an operator needs to find out what happened. */
export function awsFacts(awsError: AwsError) {
  const { service, action, roleArn, region, code, detail, reason, requestId } = awsError;
  return {
    service,
    action,
    role: roleArn || undefined,
    region,
    code,
    said: detail || undefined,
    reason,
    requestId,
  };
}

/** The queues of one role usually fail for the same reason; this many different ones are enough for a line. */
const mostInLine = 5;

/** One for each cause, whatever the request IDs, and only the first few. */
export function awsFactsOf(awsErrors: readonly AwsError[]) {
  const byCause = new Map(
    awsErrors.map((awsError) => {
      const { requestId: _, ...cause } = awsFacts(awsError);
      return [JSON.stringify(cause), awsError];
    }),
  );
  return [...byCause.values()].slice(0, mostInLine).map(awsFacts);
}
