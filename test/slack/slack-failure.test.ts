import { WebAPIRequestError } from '@slack/web-api';
import { expect, test } from 'vitest';
import { slackFailureFrom } from '../../src/slack/slack-failure.ts';

test.each<[string, unknown, string]>([
  ['time-out', new DOMException('The operation was aborted due to timeout', 'TimeoutError'), 'TimeoutError'],
  ['broken line', new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } }), 'ECONNRESET'],
  [
    'redirect',
    new TypeError('fetch failed', { cause: new Error('unexpected redirect') }),
    'unexpected redirect',
  ],
  [
    'refusal of a proxy',
    new TypeError('fetch failed', {
      cause: new Error('Request was cancelled.', {
        cause: new Error('Proxy response (407) !== 200 when HTTP Tunneling'),
      }),
    }),
    'HTTP 407 of the proxy',
  ],
  ['surprise', undefined, 'unknown'],
])('a %s at Slack is told in a word', (_what, error, code) => {
  expect(slackFailureFrom(error)).toEqual({ kind: 'in-doubt', code });
});

test('what the Web API’s client wraps is told in the same word', () => {
  const original = new DOMException('aborted', 'AbortError');
  expect(slackFailureFrom(new WebAPIRequestError(original))).toEqual({
    kind: 'in-doubt',
    code: 'AbortError',
  });
});
