import { WebAPIRequestError } from '@slack/web-api';
import { describe, expect, test } from 'vitest';
import { classOf, isCode } from '../../src/slack/error-codes.ts';
import { noAnswerOfSlacks, type SlackFailure, slackFailureFrom } from '../../src/slack/slack-failure.ts';
import { recordedLog } from '../support/recorded.ts';
import { refusedAtBoth } from '../support/refused-at-both.ts';
import { knownCodes } from '../support/slack-codes.ts';
import { type Answer, clientAnsweredBy, slackInProcess } from '../support/slack-in-process.ts';

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
  [
    'refusal at each address',
    new TypeError('fetch failed', { cause: refusedAtBoth() }),
    'ECONNREFUSED ::1, ECONNREFUSED 127.0.0.1',
  ],
  ['surprise', undefined, 'unknown'],
])('a %s at Slack has a short reason', (_what, error, code) => {
  expect(slackFailureFrom(error)).toEqual({ kind: 'in-doubt', code });
});

test('what the Web API’s client wraps has the same reason', () => {
  const original = new DOMException('aborted', 'AbortError');
  expect(slackFailureFrom(new WebAPIRequestError(original))).toEqual({
    kind: 'in-doubt',
    code: 'AbortError',
  });
});

describe('what Slack answers', () => {
  const failureOn = async (answer: Answer) => {
    const slack = slackInProcess(() => 0);
    slack.answers({ answer });
    const client = clientAnsweredBy(slack.send, recordedLog().log);
    return slackFailureFrom(await client.auth.test().catch((error: unknown) => error));
  };

  test.each<[string, Answer, SlackFailure]>([
    ['a refusal', 'not_in_channel', { kind: 'refused', code: 'not_in_channel' }],
    ['a word that no code is', 'Sorry, no!', { kind: 'in-doubt', code: noAnswerOfSlacks }],
    ['a page', { status: 200, body: '<html></html>' }, { kind: 'in-doubt', code: noAnswerOfSlacks }],
    ['nothing', { status: 200 }, { kind: 'in-doubt', code: noAnswerOfSlacks }],
    ['an error that may have been too late', 'fatal_error', { kind: 'in-doubt', code: 'fatal_error' }],
    ['an error of the server', { status: 502 }, { kind: 'in-doubt', code: 'HTTP 502' }],
    [
      'a limit',
      { status: 429, headers: { 'retry-after': '7' } },
      { kind: 'rate-limited', retryAfterSeconds: 7 },
    ],
    ['a limit without a time', { status: 429 }, { kind: 'rate-limited' }],
    ['a limit in a word', 'ratelimited', { kind: 'rate-limited' }],
  ])('%s is distinguished from the others', async (_what, answer, failure) => {
    expect(await failureOn(answer)).toEqual(failure);
  });
});

test('every class of codes has its own codes, and none is in two', () => {
  expect(new Set(knownCodes).size).toBe(knownCodes.length);
  expect(knownCodes.filter((code) => !isCode(code))).toEqual([]);
  expect([classOf('invalid_blocks'), classOf('no_such_code')]).toEqual(['content', 'passing']);
});
