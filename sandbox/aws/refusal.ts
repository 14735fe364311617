import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { escapeXml } from './xml.ts';

export type AwsService = 'STS' | 'SQS' | 'CloudTrail';

/** An error in AWS's words. */
export type Refusal = { status: number; code: string; message: string };

/** Errors of the SQS model; all others come from the layer below it, under longer names. */
const modelledBySqs = [
  'QueueDoesNotExist',
  'ResourceNotFoundException',
  'RequestThrottled',
  'UnsupportedOperation',
];

export function sendRefusal(response: ServerResponse, service: AwsService, refusal: Refusal): void {
  if (service === 'STS') sendXmlRefusal(response, refusal);
  else if (service === 'SQS') sendJsonRefusal(response, refusal);
  else sendBareJsonRefusal(response, refusal);
}

function sendJsonRefusal(response: ServerResponse, refusal: Refusal): void {
  const { status, headers, body } = jsonRefusal(refusal);
  response.writeHead(status, headers).end(body);
}

/** An error in SQS's format. */
export function jsonRefusal({ status, code, message }: Refusal) {
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    'x-amzn-requestid': randomUUID(),
    'x-amzn-query-error': `${code};${status < 500 ? 'Sender' : 'Receiver'}`,
  };
  return { status, headers, body: JSON.stringify({ __type: typeOf(code), message }) };
}

function sendBareJsonRefusal(response: ServerResponse, { status, code, message }: Refusal): void {
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.1',
    'x-amzn-requestid': randomUUID(),
  });
  response.end(JSON.stringify({ __type: `${code.replace(/Exception$/, '')}Exception`, message }));
}

function typeOf(code: string): string {
  if (modelledBySqs.includes(code)) return `com.amazonaws.sqs#${code}`;
  if (code === 'InvalidClientTokenId') return 'com.amazon.coral.service#UnrecognizedClientException';
  return `com.amazon.coral.service#${code.replace(/Exception$/, '')}Exception`;
}

function sendXmlRefusal(response: ServerResponse, { status, code, message }: Refusal): void {
  response.writeHead(status, { 'content-type': 'text/xml' });
  response.end(`<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <Error>
    <Type>${status < 500 ? 'Sender' : 'Receiver'}</Type>
    <Code>${escapeXml(code)}</Code>
    <Message>${escapeXml(message)}</Message>
  </Error>
  <RequestId>${randomUUID()}</RequestId>
</ErrorResponse>`);
}

export const missingToken: Refusal = {
  status: 403,
  code: 'MissingAuthenticationToken',
  message: 'Request is missing Authentication Token',
};
export const unknownKey: Refusal = {
  status: 403,
  code: 'InvalidClientTokenId',
  message: 'The security token included in the request is invalid.',
};
export const expiredToken: Refusal = {
  status: 403,
  code: 'ExpiredToken',
  message: 'The security token included in the request is expired',
};

/** SQS writes actions in lower case here; STS writes them unchanged. */
export function accessDenied(userArn: string, action: string, resource: string, because?: string): Refusal {
  const usual = action.startsWith('sqs:')
    ? `because no identity-based policy allows the ${action.toLowerCase()} action`
    : '';
  const reason = because ?? usual;
  const written = action.startsWith('sqs:') ? action.toLowerCase() : action;
  return {
    status: 403,
    code: 'AccessDenied',
    message: `User: ${userArn} is not authorized to perform: ${written} on resource: ${resource}${reason && ` ${reason}`}`,
  };
}
