import { errorTypeIn, type SignedAnswer } from './signed-call.ts';

/** What AWS answered instead of what was asked for, in the words and the shape of the SDK's errors. */
export class Refusal extends Error {
  readonly $metadata: { httpStatusCode: number; requestId: string | undefined };

  constructor(answer: SignedAnswer, { name, message, requestId }: RefusalWords) {
    super(message ?? '');
    this.name = name ?? '';
    this.$metadata = {
      httpStatusCode: answer.status,
      requestId: answer.header('x-amzn-requestid') ?? requestId,
    };
  }
}
type RefusalWords = { name: string | undefined; message: string | undefined; requestId?: string | undefined };

/** A refusal in JSON, as most services write it. */
export function jsonRefusal(answer: SignedAnswer, name = errorTypeIn(answer)): Refusal {
  const said = objectIn(answer.body);
  const message = said['message'] ?? said['Message'];
  return new Refusal(answer, { name, message: typeof message === 'string' ? message : undefined });
}

/** An empty object when it is no JSON, or something else. */
function objectIn(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
