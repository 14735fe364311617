import { errorInWords } from '../domain/error-words.ts';
import { NoOwnCredentials } from './own-credentials.ts';

/** The useful parts of what the SDK threw. Untrusted, and `message` may contain secrets. */
export type Failure = {
  code: string;
  message: string;
  status: number | undefined;
  requestId: string;
  /** The bot has no credentials, so nothing was sent. */
  isOwnCredentials: boolean;
};

export function failureOf(error: unknown): Failure {
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
export function harmlessDetail(message: unknown): string {
  if (typeof message !== 'string') return '';
  const line = message
    .slice(0, longestRead)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .replace(/\/\/[^\s/@]+@/g, '//[hidden]@')
    .replace(namesOrSecrets, (run) => (isSecret(run) ? '[hidden]' : run));
  return line.length <= longestDetail ? line : `${withoutHalf(line.slice(0, longestDetail - 1))}…`;
}

/** Names of this length rarely mix lower case, upper case and digits, and are never purely hexadecimal. */
function isSecret(run: string): boolean {
  if (/^(?:arn:|https?:)/.test(run)) return false;
  if (/^(?:AKIA|ASIA)/.test(run) || /^[0-9a-f]{40,}$/i.test(run)) return true;
  return /[a-z]/.test(run) && /[A-Z]/.test(run) && /\d/.test(run);
}

/** Truncating may split an emoji. */
function withoutHalf(text: string): string {
  return text.replace(/[\uD800-\uDBFF]$/, '');
}
