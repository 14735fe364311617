import { failureOf } from './failure.ts';
import { harmlessDetail } from './harmless-detail.ts';

/** What the SDK threw, as a plain error: without the response that its errors contain, which would flood the log. */
export function plainError(service: string, error: unknown): Error {
  const { code, message, status, requestId } = failureOf(error);
  const said = [code, harmlessDetail(message)].filter((one) => one !== '').join(': ');
  if (status === undefined) return new Error(`${service} did not answer: ${said}`);
  const request = requestId === '' ? '' : ` (request ${requestId})`;
  const answer = code.startsWith('HTTP ') ? said : `${status} ${said}`;
  return new Error(`${service} returned ${answer}${request}`);
}
