import type { IncomingMessage } from 'node:http';

/**
 * Who signed a request and for where, according to Signature Version 4. The signature itself is not checked.
 */
export type Signature = { accessKeyId: string; region: string; sessionToken: string | undefined };

const credentialScope = /^AWS4-HMAC-SHA256 Credential=([^/\s]+)\/\d{8}\/([^/\s]+)\/[^/\s]+\/aws4_request/;

export function signatureOf({ headers }: IncomingMessage): Signature | undefined {
  const [, accessKeyId, region] = credentialScope.exec(headers.authorization ?? '') ?? [];
  const token = headers['x-amz-security-token'];
  return accessKeyId && region
    ? { accessKeyId, region, sessionToken: typeof token === 'string' ? token : undefined }
    : undefined;
}
