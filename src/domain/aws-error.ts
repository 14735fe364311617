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
