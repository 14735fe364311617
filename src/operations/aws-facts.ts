import type { AwsError } from '../domain/aws-error.ts';

/** What AWS said, for the log: with it, whoever runs the bot needs nobody else to tell what happened. */
export function awsFacts(awsError: AwsError) {
  const { service, action, roleArn, region, code, detail, reason, requestId } = awsError;
  return {
    service,
    action,
    ...(roleArn !== '' && { role: roleArn }),
    ...(region !== undefined && { region }),
    code,
    ...(detail !== '' && { said: detail }),
    ...(reason !== undefined && { reason }),
    ...(requestId !== undefined && { requestId }),
  };
}

/** Many queues of one role fail for one reason; so many different ones are enough for a line. */
const mostInLine = 5;

/** Of several problems those that differ in more than the request. */
export function awsFactsOf(awsErrors: readonly AwsError[]) {
  const byCause = new Map(
    awsErrors.map((awsError) => {
      const { requestId: _, ...cause } = awsFacts(awsError);
      return [JSON.stringify(cause), awsError];
    }),
  );
  return [...byCause.values()].slice(0, mostInLine).map(awsFacts);
}
