import { refusedBy, type SignedAnswer, type SignedCall } from './signed-call.ts';

/** The value of an encrypted parameter. Rejects when there is none, or when it cannot be read. */
export type ReadParameter = (name: string) => Promise<string>;

/** Slack waits 3 s in all, and a first try that fails leaves time for a second. */
const timeoutMs = 1_000;

/** Reads from Systems Manager's Parameter Store. */
export function createReadParameter(call: SignedCall): ReadParameter {
  const ask = (name: string) =>
    call({
      service: 'ssm',
      path: '/',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AmazonSSM.GetParameter',
      },
      body: JSON.stringify({ Name: name, WithDecryption: true }),
      timeoutMs,
    });
  const again = (answer: SignedAnswer) => answer.status >= 500 || answer.body.includes('Throttling');

  return async (name) => {
    const first = await ask(name).catch(() => undefined);
    const answer = first && !again(first) ? first : await ask(name);
    if (answer.status !== 200) throw refusedBy('The Parameter Store', answer);
    const value = valueIn(answer.body).trim();
    if (!value) throw new Error(`The parameter ${name} is empty.`);
    return value;
  };
}

function valueIn(body: string): string {
  const { Parameter }: { Parameter?: { Value?: unknown } } = JSON.parse(body);
  return typeof Parameter?.Value === 'string' ? Parameter.Value : '';
}
