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
/** A kind that a newer version stored is unexpected to this one. */
const AwsErrorKind = z.enum(awsErrorKinds).catch('unexpected');
export type AwsErrorKind = z.infer<typeof AwsErrorKind>;

/** Why AWS could not be asked or did not answer: everything a person needs to mend it. */
export const AwsError = z.object({
  kind: AwsErrorKind,
  service: z.enum(['SQS', 'STS', 'CloudTrail', 'another']).catch('another'),
  /** The IAM action that was tried, or the one that AWS names as refused: `sqs:ListMessageMoveTasks`, `sts:TagSession`. */
  action: z.string(),
  /** The role it was tried as, or tried to assume. */
  roleArn: z.string(),
  /** The code of AWS or of the network, for example `AccessDenied` or `ECONNRESET`. Untrusted. */
  code: z.string(),
  /** What AWS or the SDK said, at most 600 characters. Untrusted: escape it. */
  detail: z.string(),
  /** Which policy denies it, where AWS tells: `an explicit deny in a service control policy`. Untrusted. */
  reason: z.string().exactOptional(),
  /** The region that was asked. */
  region: z.string().exactOptional(),
  /** AWS's request id, for a support case. */
  requestId: z.string().exactOptional(),
});
export type AwsError = z.infer<typeof AwsError>;

/** A value, or why there is none. Ports answer with it: an expected failure is data, never a throw. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; awsError: AwsError };

/** Whether AWS does not take the credentials it was asked with, so that others may be. */
export function areCredentialsRefused({ kind }: AwsError): boolean {
  return kind === 'session-expired' || kind === 'credentials-invalid';
}

/** What was said in one go: the words alone where they name the code. Untrusted. */
export function saidIn({ code, detail }: Pick<AwsError, 'code' | 'detail'>): string {
  const words = detail.replace(/\.$/, '');
  return words.includes(code) ? words : [code, words].filter((one) => one !== '').join(', ');
}
