import type { AwsError, AwsErrorKind } from '../domain/aws-error.ts';
import { errorInWords } from '../domain/wording.ts';
import { NoOwnCredentials } from './own-credentials.ts';

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
    ...(denials.includes(kind) && denialOf(failure, attempt)),
    code: failure.code,
    detail: harmlessDetail(failure.message),
    ...(failure.requestId && { requestId: failure.requestId }),
  };
}

const denials: readonly AwsErrorKind[] = ['access-denied', 'role-refused', 'key-access-denied'];

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
      (it.codes instanceof RegExp ? it.codes.test(bare) : it.codes.includes(bare)) &&
      (it.message?.test(message) ?? true) &&
      (it.service === undefined || it.service === service),
  );
  if (row) return row.kind;
  if (status === 429) return 'throttled';
  return status !== undefined && status >= 500 ? 'aws-failed' : 'unexpected';
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

/** The useful parts of what the SDK threw. Untrusted, and `message` may contain secrets. */
type Failure = {
  code: string;
  message: string;
  status: number | undefined;
  requestId: string;
  /** The bot has no credentials, so nothing was sent. */
  isOwnCredentials: boolean;
};

function failureOf(error: unknown): Failure {
  const isOwnCredentials = error instanceof NoOwnCredentials;
  const metadata = fieldOf(isOwnCredentials ? error.cause : error, '$metadata');
  const httpStatus = fieldOf(metadata, 'httpStatusCode');
  const status = typeof httpStatus === 'number' ? httpStatus : undefined;
  const requestId = textOf(fieldOf(metadata, 'requestId')).replace(/[^\w-]/g, '');
  const code = isOwnCredentials ? harmlessDetail(error.code).slice(0, 100) : codeOf(error, status);
  return {
    code: code || 'Unknown',
    message: isOwnCredentials ? error.message : messageOf(error, code),
    status,
    requestId: requestId.slice(0, 100),
    isOwnCredentials,
  };
}

/** The network error's code is more specific than the SDK's name: ECONNREFUSED arrives as a "TimeoutError". */
function codeOf(error: unknown, status: number | undefined): string {
  const name = textOf(fieldOf(error, 'name'));
  // The SDK's error for an answer that it can't parse, such as a proxy's page.
  if (status !== undefined && name === 'SyntaxError') return `HTTP ${status}`;
  const networkCode = status === undefined ? textOf(fieldOf(error, 'code')) : '';
  const said = harmlessDetail(networkCode || name).slice(0, 100);
  const saysNothing = /^(|Error|Unknown|UnknownError)$/.test(said);
  if (!saysNothing) return said;
  return status === undefined ? 'Unknown' : `HTTP ${status}`;
}

/** For an answer in another format the SDK has no message, or only its parser's. */
function messageOf(error: unknown, code: string): string {
  const words = errorInWords(error);
  if (!code.startsWith('HTTP ')) return words;
  const headers = fieldOf(fieldOf(error, '$response'), 'headers');
  const format = textOf(fieldOf(headers, 'content-type')).split(';')[0];
  if (format) return `The response is ${format}, not in AWS's format.`;
  return /^(Unknown|UnknownError)$|hidden field/.test(words) ? '' : words;
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** What the SDK threw, as a plain error: without the response that its errors contain, which would flood the log. */
export function plainError(service: string, error: unknown): Error {
  const { code, message, status, requestId } = failureOf(error);
  const said = [code, harmlessDetail(message)].filter((one) => one !== '').join(': ');
  if (status === undefined) return new Error(`${service} did not answer: ${said}`);
  const request = requestId === '' ? '' : ` (request ${requestId})`;
  const answer = code.startsWith('HTTP ') ? said : `${status} ${said}`;
  return new Error(`${service} returned ${answer}${request}`);
}

const longestDetail = 600;
/** Longer than any message from AWS; a proxy's page may have any size. */
const longestRead = 5_000;

/** ARNs and URLs, access key ids, and strings as long as a key, a signature, a session token or a task handle. */
const namesOrSecrets = /(?:arn:|https?:\/\/)[^\s'"?<>]+|\b(?:AKIA|ASIA)[A-Z0-9]{8,}|[A-Za-z0-9+/=_-]{32,}/g;

/** What AWS said, in one line of at most 600 characters, without secrets. */
function harmlessDetail(message: unknown): string {
  if (typeof message !== 'string') return '';
  const line = message
    .slice(0, longestRead)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .replace(/\/\/[^\s/@]+@/g, '//[hidden]@')
    .replace(namesOrSecrets, (run) => (isSecret(run) ? '[hidden]' : run));
  // Truncating may split an emoji.
  return line.length <= longestDetail
    ? line
    : `${line.slice(0, longestDetail - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** Names of this length rarely mix lower case, upper case and digits, and are never purely hexadecimal. */
function isSecret(run: string): boolean {
  if (/^(?:arn:|https?:)/.test(run)) return false;
  if (/^(?:AKIA|ASIA)/.test(run) || /^[0-9a-f]{40,}$/i.test(run)) return true;
  return /[a-z]/.test(run) && /[A-Z]/.test(run) && /\d/.test(run);
}

/** Whether AWS rejected the credentials, so that newer ones may work. */
export function areCredentialsRefused({ kind }: AwsError): boolean {
  return kind === 'session-expired' || kind === 'credentials-invalid';
}
