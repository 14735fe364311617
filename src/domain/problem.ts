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
export type ProblemKind = (typeof problemKinds)[number];

/** Why AWS could not be asked or did not answer: everything a person needs to mend it. */
export type Problem = {
  kind: ProblemKind;
  service: 'SQS' | 'STS' | 'CloudTrail';
  /** The IAM action that was tried, for example `sqs:ListMessageMoveTasks`. */
  action: string;
  /** The role it was tried as, or tried to assume. */
  roleArn: string;
  /** The code of AWS or of the network, for example `AccessDenied` or `ECONNRESET`. Untrusted. */
  code: string;
  /** What AWS said, at most 300 characters. Untrusted: escape it. */
  detail: string;
  /** AWS's request id, for a support case. */
  requestId?: string;
};

/** A value, or why there is none. Ports answer with it: an expected failure is data, never a throw. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; problem: Problem };
