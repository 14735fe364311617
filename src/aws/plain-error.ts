import { harmlessDetail } from './harmless-detail.ts';

/** What the SDK threw, in words: without the answer that its errors carry along, which would fill a log. */
export function plainError(service: string, error: unknown): Error {
  const { name, message, code, $metadata } = Object(error);
  const { httpStatusCode: status, requestId } = Object($metadata);
  if (status === undefined)
    return new Error(`${service} did not answer: ${code ?? name}: ${harmlessDetail(message)}`);
  const request = requestId === undefined ? '' : ` (request ${requestId})`;
  return new Error(`${service} answered ${status} ${name}: ${harmlessDetail(message)}${request}`);
}
