import { createHash, createHmac } from 'node:crypto';

export type Credentials = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
type Unsigned = { method: string; url: string; headers: Readonly<Record<string, string>>; body: string };
type Signer = { credentials: Credentials; region: string; service: string; now: number };

/**
 * The request's headers and those that sign all of them: Signature Version 4, for every service but S3. Source:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signedHeaders(request: Unsigned, signer: Signer): Record<string, string> {
  const { accessKeyId, secretAccessKey, sessionToken } = signer.credentials;
  const url = new URL(request.url);
  const at = new Date(signer.now).toISOString().replace(/[-:]|\.\d+/g, '');
  const headers = {
    ...request.headers,
    host: url.host,
    'x-amz-date': at,
    ...(sessionToken !== undefined && { 'x-amz-security-token': sessionToken }),
  };
  const names = Object.keys(headers).toSorted();
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${inOneLine(value)}\n`);
  const canonical = [
    request.method,
    url.pathname.split('/').map(encoded).join('/'),
    canonicalQuery(url.searchParams),
    lines.toSorted().join(''),
    names.join(';'),
    hash(request.body),
  ].join('\n');
  const scope = [at.slice(0, 8), signer.region, signer.service, 'aws4_request'];
  const key = scope.reduce((parent: string | Buffer, part) => hmac(parent, part), `AWS4${secretAccessKey}`);
  const toSign = ['AWS4-HMAC-SHA256', at, scope.join('/'), hash(canonical)].join('\n');
  const signature = hmac(key, toSign).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope.join('/')}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return { ...headers, authorization };
}

function canonicalQuery(params: URLSearchParams): string {
  return [...params]
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .toSorted()
    .join('&');
}

function inOneLine(value: string): string {
  return value.trim().replace(/ +/g, ' ');
}

/** All but letters, digits and `-._~`. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
