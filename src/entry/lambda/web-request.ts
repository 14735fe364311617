import type { SignedRequest } from '../../slack/signed-request.ts';
import { isObject } from '../../slack/signed-request.ts';

/** A request to a function URL, or to an HTTP API, payload format 2.0. Nothing of the event is taken for granted. */
export type WebRequest = { method: string } & SignedRequest;

export function webRequestOf(event: unknown): WebRequest {
  const { body, headers, isBase64Encoded, requestContext } = isObject(event) ? event : {};
  const http = isObject(requestContext) && isObject(requestContext['http']) ? requestContext['http'] : {};
  const text = typeof body === 'string' ? body : '';
  return {
    method: String(http['method'] ?? ''),
    body: isBase64Encoded === true ? Buffer.from(text, 'base64').toString('utf8') : text,
    headers: isObject(headers) ? textsOf(headers) : {},
  };
}

function textsOf(headers: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name.toLowerCase(), value]] : [],
    ),
  );
}

export type WebAnswer = { statusCode: number; headers?: Record<string, string>; body: string };

export function webAnswer(statusCode: number, content?: object): WebAnswer {
  if (!content) return { statusCode, body: '' };
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(content) };
}
