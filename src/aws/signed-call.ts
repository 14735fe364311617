import { dnsSuffixOfRegion } from '../domain/partitions.ts';
import { createPatience } from './patience.ts';
import { type Credentials, signedHeaders } from './signature.ts';

type Service = 'lambda' | 'ssm' | 'dynamodb' | 'sqs' | 'sts';

/** Where and as whom AWS is asked. */
export type AwsPlace = {
  region: string;
  credentials: Credentials;
  /** Instead of AWS's own addresses. */
  endpoints?: Partial<Record<Service, string>>;
};

type SignedRequest = {
  service: Service;
  method?: 'GET' | 'POST';
  path: string;
  /** Their names in lower case. */
  headers?: Record<string, string>;
  body?: string;
  timeoutMs: number;
  /** Gives the request up. */
  signal?: AbortSignal;
  /** Only for what may be repeated: a connection that slept along with the function may be dead. */
  keepsConnection?: boolean;
};
export type SignedAnswer = { status: number; body: string; header(name: string): string | undefined };
export type SignedCall = (request: SignedRequest) => Promise<SignedAnswer>;

/** As much of `fetch` as is needed here. */
export type Send = (
  url: string,
  request: { method: string; headers: Record<string, string>; body?: string; signal: AbortSignal },
) => Promise<{
  status: number;
  headers: { get(name: string): string | null };
  text(): Promise<string>;
}>;

/** One signed request, never repeated. The AWS SDK would load a third of a megabyte before the first answer. */
export function createSignedCall({ region, credentials, endpoints }: AwsPlace, send: Send): SignedCall {
  return async ({ service, method = 'POST', path, headers = {}, body = '', ...given }) => {
    const { timeoutMs, signal, keepsConnection } = given;
    const url = `${endpoints?.[service] ?? `https://${service}.${region}.${dnsSuffixOfRegion(region)}`}${path}`;
    const signer = { credentials, region, service, now: Date.now() };
    const signed = signedHeaders({ method, url, headers, body }, signer);
    const sendAll = async (giveUp: AbortSignal) => {
      const answer = await send(url, {
        method,
        headers: keepsConnection ? signed : { ...signed, connection: 'close' },
        ...(method === 'POST' && { body }),
        signal: giveUp,
      });
      const text = await answer.text();
      return {
        status: answer.status,
        body: text,
        header: (name: string) => answer.headers.get(name) ?? undefined,
      };
    };
    return createPatience(timeoutMs)(sendAll, signal);
  };
}

/** The name of what went wrong, where the service says it, in a header or in its JSON. */
export function errorTypeIn({ body, header }: SignedAnswer): string | undefined {
  const inHeader = header('x-amzn-errortype')?.split(':')[0];
  return inHeader ?? /"__type"\s*:\s*"(?:[^"#]*#)?([A-Za-z]+)"/.exec(body)?.[1];
}

/** The name of what went wrong, and never what was asked: that may hold a person's words. */
export function refusedBy(service: string, answer: SignedAnswer): Error {
  const type = errorTypeIn(answer);
  return new Error(`${service} answered ${answer.status}${type ? ` ${type}` : ''}`);
}
