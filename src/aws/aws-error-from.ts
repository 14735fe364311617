import type { AwsError, AwsErrorKind } from '../domain/aws-error.ts';
import { type Failure, failureOf, harmlessDetail } from './failure.ts';

export type Attempt = Pick<AwsError, 'service' | 'action' | 'roleArn' | 'region'>;

type Row = {
  kind: AwsErrorKind;
  /** Codes without AWS's prefixes and without the suffix "Exception". */
  codes: readonly string[] | RegExp;
  message?: RegExp;
  service?: AwsError['service'];
};

const denied = ['AccessDenied', 'AuthorizationError', 'NotAuthorized', 'UnauthorizedOperation'];
const badSignature = ['SignatureDoesNotMatch', 'InvalidSignature', 'IncompleteSignature'];
const network = /^(E(?!RR_)[A-Z0-9_]+|ERR_(TLS|SSL|PROXY)_.*|CERT_.*|.*_CERT(IFICATE)?(_.*)?|.*_SIGNATURE)$/;

/** The first match wins. */
const rows: readonly Row[] = [
  { kind: 'throttled', codes: /throttl|^TooManyRequests$|^SlowDown$|LimitExceeded$/i },
  { kind: 'key-access-denied', codes: /^kms/i },
  { kind: 'key-access-denied', codes: denied, message: /\bkms:/ },
  { kind: 'role-refused', codes: denied, service: 'STS' },
  { kind: 'access-denied', codes: denied },
  { kind: 'queue-missing', codes: ['QueueDoesNotExist', 'NonExistentQueue', 'QueueDeletedRecently'] },
  { kind: 'queue-missing', codes: ['ResourceNotFound'], service: 'SQS' },
  { kind: 'invalid-address', codes: ['InvalidAddress'] },
  { kind: 'invalid-security', codes: ['InvalidSecurity'] },
  { kind: 'unsupported-operation', codes: ['UnsupportedOperation'] },
  { kind: 'session-expired', codes: ['ExpiredToken'] },
  {
    kind: 'credentials-invalid',
    codes: ['InvalidClientTokenId', 'UnrecognizedClient', 'InvalidAccessKeyId'],
  },
  {
    kind: 'credentials-invalid',
    codes: ['MissingAuthenticationToken', 'AuthFailure', 'InvalidIdentityToken'],
  },
  { kind: 'credentials-invalid', codes: ['OptInRequired', 'RegionDisabled'] },
  // The same code for a wrong secret and a wrong clock; only the message differs.
  { kind: 'clock-skewed', codes: badSignature, message: /signature (expired|not yet current)/i },
  { kind: 'clock-skewed', codes: ['RequestExpired', 'RequestTimeTooSkewed', 'RequestInTheFuture'] },
  { kind: 'credentials-invalid', codes: badSignature },
  { kind: 'request-refused', codes: /^(Invalid|Missing|Malformed)/ },
  {
    kind: 'request-refused',
    codes: ['UnknownOperation', 'Serialization', 'Validation', 'ValidationError', 'OverLimit'],
  },
  { kind: 'unreachable', codes: ['TimeoutError', 'AbortError', 'RequestTimeout'] },
  { kind: 'unreachable', codes: network },
  {
    kind: 'aws-failed',
    codes: ['InternalFailure', 'InternalError', 'InternalServerError', 'ServiceUnavailable'],
  },
  { kind: 'aws-failed', codes: ['ServiceFailure', 'IDPCommunicationError'] },
];

/** Converts anything the SDK threw to an AWS error. Never throws, and contains no secret. */
export function awsErrorFrom(error: unknown, attempt: Attempt): AwsError {
  const failure = failureOf(error);
  const kind = kindOf(failure, attempt.service);
  return {
    kind,
    ...attempt,
    ...(isDenied(kind) && denialOf(failure, attempt)),
    code: failure.code,
    detail: harmlessDetail(failure.message),
    ...(failure.requestId && { requestId: failure.requestId }),
  };
}

function isDenied(kind: AwsErrorKind): boolean {
  return kind === 'access-denied' || kind === 'role-refused' || kind === 'key-access-denied';
}

/** SQS returns action names in lower case. */
function denialOf({ message }: Failure, tried: Attempt): Partial<AwsError> {
  const { action, ...why } = denialIn(message);
  const isTheSame = action === undefined || action.toLowerCase() === tried.action.toLowerCase();
  return isTheSame ? why : { ...why, action };
}

function kindOf(failure: Failure, service: AwsError['service']): AwsErrorKind {
  const { code, message, status } = failure;
  if (failure.isOwnCredentials) return 'credentials-missing';
  const bare = bareCode(code);
  const row = rows.find(
    (it) =>
      isAmong(bare, it.codes) &&
      (it.message?.test(message) ?? true) &&
      (it.service === undefined || it.service === service),
  );
  if (row) return row.kind;
  if (status === 429) return 'throttled';
  return status !== undefined && status >= 500 ? 'aws-failed' : 'unexpected';
}

function isAmong(code: string, codes: Row['codes']): boolean {
  return codes instanceof RegExp ? codes.test(code) : codes.includes(code);
}

/**
 * SQS has two codes for one error: `AccessDenied` in the header for old clients, and `AccessDeniedException` in the
 * body. Its oldest codes begin with `AWS.SimpleQueueService.`.
 */
function bareCode(code: string): string {
  return code
    .replace(/^.*#/, '')
    .replace(/^AWS\.SimpleQueueService\./, '')
    .replace(/Exception$/, '');
}

/** What AWS says about a denial: the denied action, which may differ from the one that was called, and the reason. */
type Denial = { action?: string; reason?: string };

const namedAction = /\bnot authorized to perform:?\s+([a-z0-9-]{2,40}:[a-z]{2,80})\b/i;

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
const givenReason = /\b(?:with (an explicit deny\b.{0,400}?)|because (.{1,400}?))\.?$/i;

function denialIn(message: string): Denial {
  const line = message.slice(0, 5_000).replace(/\s+/g, ' ').trim();
  const action = namedAction.exec(line)?.[1];
  const [, deny, because] = givenReason.exec(line) ?? [];
  const reason = harmlessDetail(deny ?? because).slice(0, 300);
  return { ...(action !== undefined && { action }), ...(reason !== '' && { reason }) };
}
