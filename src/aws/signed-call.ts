import { AwsClient } from 'aws4fetch';

type Service = 'lambda' | 'ssm' | 'dynamodb';

/** Where and as whom AWS is asked, from a function's environment. */
export type AwsPlace = {
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  /** Instead of AWS's own addresses. */
  endpoints?: Partial<Record<Service, string>>;
};

type SignedRequest = {
  service: Service;
  path: string;
  headers: Record<string, string>;
  body: string;
  timeoutMs: number;
};
/** `errorType`: the name of what went wrong, where the service says it in a header. */
export type SignedAnswer = { status: number; body: string; errorType?: string };
export type SignedCall = (request: SignedRequest) => Promise<SignedAnswer>;

/**
 * One signed request, never repeated. Of the AWS SDK three calls would load a third of a megabyte before the first
 * answer. Connections are not kept, since one that slept along with the function may be dead.
 */
export function createSignedCall(
  { region, credentials, endpoints }: AwsPlace,
  send: typeof fetch = fetch,
): SignedCall {
  return async ({ service, path, headers, body, timeoutMs }) => {
    const aws = new AwsClient({ ...credentials, region, service });
    const url = `${endpoints?.[service] ?? `https://${service}.${region}.${suffixOf(region)}`}${path}`;
    const signed = await aws.sign(url, {
      method: 'POST',
      headers: { ...headers, connection: 'close' },
      body,
    });
    const answer = await send(signed, { signal: AbortSignal.timeout(timeoutMs) });
    const errorType = answer.headers.get('x-amzn-errortype')?.split(':')[0];
    return { status: answer.status, body: await answer.text(), ...(errorType && { errorType }) };
  };
}

function suffixOf(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
}

/** The name of what went wrong, and never what was asked: that may hold a person's words. */
export function refusedBy(service: string, { status, body, errorType }: SignedAnswer): Error {
  const type = errorType ?? /"__type"\s*:\s*"(?:[^"#]*#)?([A-Za-z]+)"/.exec(body)?.[1];
  return new Error(`${service} answered ${status}${type ? ` ${type}` : ''}`);
}
