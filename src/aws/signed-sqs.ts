import { jsonRefusal } from './refusal.ts';
import { errorTypeIn, type SignedAnswer, type SignedCall } from './signed-call.ts';
import type { Sqs } from './sqs.ts';
import { tryThrice } from './try-thrice.ts';

/** SQS in its JSON protocol, without the SDK. */
export function createSignedSqs(call: SignedCall, timeoutMs: number): Sqs {
  return async (operation, input, signal) => {
    const ask = () =>
      call({
        service: 'sqs',
        path: '/',
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': `AmazonSQS.${operation}`,
        },
        body: JSON.stringify(input),
        timeoutMs,
        signal,
        keepsConnection: true,
      });
    const answer = await tryThrice(ask, signal);
    if (answer.status !== 200) throw jsonRefusal(answer, codeOf(answer));
    return Object(JSON.parse(answer.body || '{}'));
  };
}

/** SQS names an error twice. Its own keep their name; the others are known by the one that old clients get. */
function codeOf(answer: SignedAnswer): string | undefined {
  const queryCode = answer.header('x-amzn-query-error')?.split(';')[0];
  const isOwn = answer.body.includes('"com.amazonaws.sqs#');
  return isOwn ? errorTypeIn(answer) : (queryCode ?? errorTypeIn(answer));
}
