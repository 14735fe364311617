import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

type WireRequest = {
  service: 'STS' | 'SQS';
  region: string;
  accessKeyId: string;
  url: string;
  body: string;
};
export type WireAnswer = {
  status?: number;
  body?: string;
  headers?: Record<string, string>;
  afterMs?: number;
  /** Closes the connection instead of answering. */
  hangUp?: boolean;
};
type Answering = (request: WireRequest, index: number) => WireAnswer;

type Wire = { url: string; seen: WireRequest[]; sts: Answering; sqs: Answering };
export type WireServer = Wire & { stop(): Promise<void> };

/** A fake STS and SQS that answer whatever a test sets. By default both answer successfully. */
export async function startWireServer(): Promise<WireServer> {
  const wire: Wire = { url: '', seen: [], sts: () => aSession(), sqs: () => sqsAnswer({}) };
  const server = createServer((request, response) => void answer(wire, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  wire.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(wire, {
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

async function answer(wire: Wire, request: IncomingMessage, response: ServerResponse) {
  const seen = await readRequest(request);
  const index = wire.seen.filter(({ service }) => service === seen.service).length;
  wire.seen.push(seen);
  const { status, body, headers, afterMs, hangUp } = (seen.service === 'STS' ? wire.sts : wire.sqs)(
    seen,
    index,
  );
  if (afterMs) await new Promise((resolve) => setTimeout(resolve, afterMs));
  if (hangUp) return request.socket.destroy();
  response.writeHead(status ?? 200, { 'x-amzn-requestid': 'request-1', ...headers }).end(body);
}

async function readRequest(request: IncomingMessage): Promise<WireRequest> {
  const scope = /Credential=([^/]+)\/\d+\/([^/]+)\/(sts|sqs)\//.exec(request.headers.authorization ?? '');
  const [, accessKeyId = '', region = '', service = ''] = scope ?? [];
  return {
    service: service === 'sts' ? 'STS' : 'SQS',
    region,
    accessKeyId,
    url: request.url ?? '',
    body: await text(request),
  };
}

export function aSession(
  accessKeyId = 'ASIA0000000000000001',
  expiresAt = Date.now() + 3_600_000,
): WireAnswer {
  return {
    headers: { 'content-type': 'text/xml' },
    body: `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
      <AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>
      <SessionToken>token</SessionToken><Expiration>${new Date(expiresAt).toISOString()}</Expiration>
      </Credentials></AssumeRoleResult></AssumeRoleResponse>`,
  };
}

export function stsError(status: number, code: string, message = 'No.'): WireAnswer {
  return {
    status,
    headers: { 'content-type': 'text/xml' },
    body: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>
      <Code>${code}</Code><Message>${message}</Message></Error><RequestId>request-1</RequestId></ErrorResponse>`,
  };
}

export function sqsAnswer(body: unknown): WireAnswer {
  return { headers: { 'content-type': 'application/x-amz-json-1.0' }, body: JSON.stringify(body) };
}

/** `type` is the error's name in the body; `queryCode` the one in the header, which not every error has. */
export function sqsError(status: number, type: string, queryCode?: string, message = 'No.'): WireAnswer {
  return {
    status,
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      ...(queryCode && { 'x-amzn-query-error': `${queryCode};Sender` }),
    },
    body: JSON.stringify({ __type: type, message }),
  };
}
