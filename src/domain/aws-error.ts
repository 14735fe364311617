import * as z from 'zod';

export const awsErrorKinds = [
  'queue-missing',
  'access-denied',
  'role-refused',
  'key-access-denied',
  'throttled',
  'invalid-address',
  'invalid-security',
  'unsupported-operation',
  'session-expired',
  'credentials-missing',
  'credentials-invalid',
  'clock-skewed',
  'request-refused',
  'unreachable',
  'aws-failed',
  'unexpected',
] as const;
/** A kind stored by a newer version is read as `unexpected`. */
const AwsErrorKind = z.enum(awsErrorKinds).catch('unexpected');
export type AwsErrorKind = z.infer<typeof AwsErrorKind>;

export const AwsError = z.object({
  kind: AwsErrorKind,
  service: z.enum(['SQS', 'STS', 'CloudTrail', 'another']).catch('another'),
  /** The IAM action that was tried, or the one that AWS names as refused: `sqs:ListMessageMoveTasks`, `sts:TagSession`. */
  action: z.string(),
  roleArn: z.string(),
  /** The code of AWS or of the network, for example `AccessDenied` or `ECONNRESET`. Untrusted. */
  code: z.string(),
  /** What AWS or the SDK said, at most 600 characters. Untrusted: escape it. */
  detail: z.string(),
  /** Which policy denies it, if AWS says so: `an explicit deny in a service control policy`. Untrusted. */
  reason: z.string().exactOptional(),
  region: z.string().exactOptional(),
  requestId: z.string().exactOptional(),
});
export type AwsError = z.infer<typeof AwsError>;

/** A value or an error. Ports return it: expected failures are data, not exceptions. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; awsError: AwsError };

/** Whether AWS rejected the credentials, so that newer ones may work. */
export function areCredentialsRefused({ kind }: AwsError): boolean {
  return kind === 'session-expired' || kind === 'credentials-invalid';
}

/** Code and message in one text; the message alone if it contains the code. Untrusted. */
export function codeAndMessage({ code, detail }: Pick<AwsError, 'code' | 'detail'>): string {
  const words = detail.replace(/\.$/, '');
  return words.includes(code) ? words : [code, words].filter((one) => one !== '').join(', ');
}

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

/** The errors that differ in more than their request id. */
export function awsFactsOf(awsErrors: readonly AwsError[]) {
  const byCause = new Map(
    awsErrors.map((awsError) => {
      const { requestId: _, ...cause } = awsFacts(awsError);
      return [JSON.stringify(cause), awsError];
    }),
  );
  return [...byCause.values()].slice(0, mostInLine).map(awsFacts);
}
