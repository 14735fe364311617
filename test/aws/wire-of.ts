import { Readable } from 'node:stream';

export type Sent = {
  method: string;
  hostname: string;
  path: string;
  query: Record<string, unknown>;
  headers: Record<string, string>;
  body: string;
};
export type Answer = { status: number; body?: object; headers?: Record<string, string> } | 'broken line';

/** The AWS SDK's own client, whose HTTP requests a function answers, and which therefore signs none. */
export function wireOf(answer: (sent: Sent) => Answer, region = 'eu-west-1') {
  return {
    region,
    credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' },
    signer: { sign: async <T>(request: T) => request },
    requestHandler: {
      async handle(request: Omit<Sent, 'body'> & { body?: string | Uint8Array }) {
        const answered = answer({ ...request, body: textOf(request.body) });
        if (answered === 'broken line') throw Object.assign(new Error('broken'), { code: 'ECONNRESET' });
        const { status, body = {}, headers = {} } = answered;
        return {
          response: {
            statusCode: status,
            headers: { 'content-type': 'application/json', ...headers },
            body: Readable.from([JSON.stringify(body)]),
          },
        };
      },
    } as never,
  };
}

function textOf(body: string | Uint8Array = ''): string {
  return typeof body === 'string' ? body : new TextDecoder().decode(body);
}
