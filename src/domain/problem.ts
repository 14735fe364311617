import * as z from 'zod';

export const problemKinds = [
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
const ProblemKind = z.enum(problemKinds).catch('unexpected');
export type ProblemKind = z.infer<typeof ProblemKind>;

/** Why AWS could not be asked or did not answer: everything a person needs to mend it. */
export const Problem = z.object({
  kind: ProblemKind,
  service: z.enum(['SQS', 'STS', 'CloudTrail', 'another']).catch('another'),
  /** The IAM action that was tried, for example `sqs:ListMessageMoveTasks`. */
  action: z.string(),
  /** The role it was tried as, or tried to assume. */
  roleArn: z.string(),
  /** The code of AWS or of the network, for example `AccessDenied` or `ECONNRESET`. Untrusted. */
  code: z.string(),
  /** What AWS said, at most 300 characters. Untrusted: escape it. */
  detail: z.string(),
  /** AWS's request id, for a support case. */
  requestId: z.string().exactOptional(),
});
export type Problem = z.infer<typeof Problem>;

/** A value, or why there is none. Ports answer with it: an expected failure is data, never a throw. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; problem: Problem };
